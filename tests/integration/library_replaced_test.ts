import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { becomes } from "../helpers/becomes.ts";
import { startMonitor } from "../helpers/start_monitor.ts";
import { startProgram } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

Deno.test("monitor goes on when its library was replaced on purpose, and reports that one when it is gone", () =>
  inTempDir(async (folder) => {
    const library = join(folder, "library");
    const env = { XDG_STATE_HOME: join(folder, "state") };
    const create = async () => (await openLibrary(library, { command: "test" }))[Symbol.dispose]();
    await create();
    await using monitor = await startMonitor(folder, ["--library", library, "--interval", "1s"], env);
    assert(await becomes(async () => (await monitor.health()).status === 200, 20_000));
    // The round under way at the rename may fail with another reason.
    const isGone = async (): Promise<boolean> => (await monitor.health()).reason?.includes("is gone") ?? false;
    await Deno.rename(library, `${library}-old`);
    assert(await becomes(isGone, 20_000));
    await create();
    assert(await becomes(isGone, 20_000));
    const words = ["verify", "--output", library, "--forget-library"];
    const accepted = await startProgram(words, { folder, env, origins: [] }).ended;
    assertEquals(accepted.code, 0, accepted.stderr);
    assert(await becomes(async () => (await monitor.health()).status === 200, 20_000), "still failing");
    await Deno.rename(library, `${library}-new`);
    assert(await becomes(isGone, 20_000), JSON.stringify(await monitor.health()));
  }));
