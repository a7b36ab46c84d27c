import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import { PLAIN } from "../helpers/library/download_bench.ts";
import { runProgram } from "../helpers/run_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

/** Path, size and date of each file of a library, except for those of the program and those that say what changed. */
async function filesOf(folder: string, names: readonly string[] = []): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(folder, ...names))) {
    if (name === ".civitai-dl" || name.endsWith(".metadata.json")) continue;
    const path = [...names, name];
    if (isDirectory) found.push(...await filesOf(folder, path));
    else {
      const { size, mtime } = await Deno.stat(join(folder, ...path));
      found.push(`${path.join("/")} ${size} ${mtime!.getTime()}`);
    }
  }
  return found.sort();
}

Deno.test("update and download end with 0 when Civitai has removed what the library has, and tell it once", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox({ ...PLAIN, versionsPerModel: { min: 2, max: 2 } });
    const place = {
      folder,
      env: { CIVITAI_API_KEY: sandbox.token, NO_COLOR: "1" },
      origins: [sandbox.apiOrigin, sandbox.storageOrigin],
    };
    const run = (...words: readonly string[]) => runProgram([...words, "-o", "library"], place);
    const site = ["--base-url", sandbox.apiOrigin, "--yes", "--reserve", "0"];
    const first = sandbox.catalog.modelAt(0);
    const creator = first.creator!.username;
    assertEquals((await run("download", ...site, "--user", creator, "--no-images")).code, 0);
    const root = join(folder, "library");
    const before = await filesOf(root);
    const gone = sandbox.catalog.modelAt(1).versions[0]!;
    sandbox.setAbsent([first.id], { versionIds: [gone.id] });
    const night = await run("update", ...site);
    assertEquals(night.code, 0, night.stderr);
    assertMatch(night.stdout, new RegExp(`^Removed on Civitai, kept: model:${first.id} \\(.+\\), 2 files$`, "m"));
    assertMatch(night.stdout, new RegExp(`^Removed on Civitai, kept: version:${gone.id} \\(.+ / .+\\), 1 file$`, "m"));
    const quiet = await run("update", ...site);
    assertEquals([quiet.code, quiet.stdout.includes("Removed on Civitai")], [0, false], quiet.stdout);
    const named = await run("download", ...site, `version:${gone.id}`, `model:${first.id}`, "--no-images");
    assertEquals(named.code, 0, named.stderr);
    assertEquals(await filesOf(root), before);
    const { items } = JSON.parse((await run("list", "--removed", "--json")).stdout);
    assertEquals(items.map(({ outcome }: { outcome: string }) => outcome), [
      "removed, kept",
      "removed, kept",
      "removed, kept",
    ]);
    assertMatch((await run("list", "--removed")).stdout, /^done\tremoved, kept\t/m);
    assertStringIncludes((await run("show", `version:${gone.id}`)).stdout, ", removed on Civitai, found on ");
    const deleted = async () => {
      const flags: boolean[] = [];
      for (const { path } of items) {
        const sidecar = join(root, path.replace(/\.[^.]+$/, ".metadata.json"));
        flags.push(JSON.parse(await Deno.readTextFile(sidecar)).civitai_deleted);
      }
      return flags;
    };
    assertEquals(await deleted(), [true, true, true]);
    sandbox.setAbsent([]);
    assertEquals((await run("update", ...site)).code, 0);
    assertEquals([await deleted(), await filesOf(root)], [[false, false, false], before]);
    assertEquals((await run("list", "--removed")).stdout, "0 items\n");
  }));
