import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { runGit } from "../../lib/git/mod.ts";
import { OLDER, rollBackDuringDownload } from "./scenarios/rollback_download.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A checkout may be shallow, and a package has no history. */
async function isKnown(sha: string): Promise<boolean> {
  return (await runGit(["cat-file", "-e", `${sha}^{commit}`], { cwd: ROOT }).catch(() => ({ code: 1 }))).code === 0;
}

Deno.test("rollback --stop-run lets an older program finish the file of a running download", {
  ignore: !await isKnown(OLDER),
}, async () => {
  const figures = await rollBackDuringDownload({ sizeBytes: 96 << 20, seconds: 1200 });
  const { rollbackCode, version, catalogVersion, isFinished, isForward } = figures;
  assertEquals([rollbackCode, version, catalogVersion, isFinished, isForward], [0, "civitai-dl 1.0.0", 2, true, true]);
  assert(figures.stoppedAt < 1 && figures.ratio <= 1.1, JSON.stringify(figures));
});
