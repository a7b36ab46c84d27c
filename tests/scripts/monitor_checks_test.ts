import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { LibraryPresence } from "../../lib/library/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { MonitorChecks } from "../../scripts/_monitor/monitor_checks.ts";
import type { MonitorFlags } from "../../scripts/_monitor/monitor_flags.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

Deno.test("a round of checks writes nothing in the place of a library that vanished since the last tick", () =>
  inTempDir(async (folder) => {
    const library = join(folder, "library");
    (await openLibrary(library, { command: "test" }))[Symbol.dispose]();
    const presence = new LibraryPresence(library);
    assertEquals(await presence.look(Date.now()), null);
    await Deno.rename(library, join(folder, "moved"));
    await Deno.mkdir(library);
    const context = {
      flags: { library, logs: join(folder, "logs"), offline: true },
      env: () => undefined,
      sourceOf: () => "flag",
    } as unknown as CommandContext<MonitorFlags>;
    const checks = new MonitorChecks(context, { observer: { last: undefined }, presence });
    await checks.run({ which: "all", signal: new AbortController().signal });
    assertEquals([await Array.fromAsync(Deno.readDir(library)), checks.last], [[], null]);
  }));
