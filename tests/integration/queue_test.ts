import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../lib/sandbox/mod.ts";
import { PLAIN } from "../helpers/library/download_bench.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { startApp } from "../helpers/start_app.ts";

/** A sandbox whose files take a while at the speed of {@linkcode SLOW}. */
const SIZED: SandboxOptions = {
  ...PLAIN,
  size: { creators: 1, modelsPerCreator: 4 },
  fileBytes: { min: 300_000, max: 400_000 },
};

function withPlace(story: (folder: string, sandbox: Sandbox) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    await using sandbox = await startSandbox(SIZED);
    await story(folder, sandbox);
  });
}

function models(sandbox: Sandbox): readonly string[] {
  return [...sandbox.catalog.models()].map(({ id }) => `model:${id}`);
}

Deno.test("the queue of serve fetches what is added, into a library that did not exist", () =>
  withPlace(async (folder, sandbox) => {
    await using app = await startApp({ folder, sandbox });
    const [first, second] = models(sandbox);
    const before = await app.queue();
    assertEquals([before.entries, before.isPaused, before.holder], [[], false, null]);
    const entry = await app.add([first!, second!]);
    assertEquals([entry.kind, entry.title, entry.state], ["download", `${first}, ${second}`, "waiting"]);
    const done = await app.until(entry.id, ({ state }) => state === "done");
    assertEquals([done.counts, done.reason], [{ done: 2, failed: 0, refused: 0 }, null]);
    assert((await Deno.stat(join(folder, "library", ".civitai-dl", "catalog.db"))).isFile);
    assertEquals(await app.end(), 0);
    assertMatch(await Deno.readTextFile(join(folder, "library", ".civitai-dl", "state", "runs.jsonl")), /"download"/);
  }));
