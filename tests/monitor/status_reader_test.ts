import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { acquireLock } from "../../lib/base/mod.ts";
import { StatusReader, type StatusReaderOptions } from "../../lib/monitor/mod.ts";
import { checksFileOf } from "../../lib/monitor/status/checks_state.ts";
import { append } from "../helpers/rotate.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

function optionsFor(folder: string, changes: Partial<StatusReaderOptions> = {}): StatusReaderOptions {
  return {
    library: join(folder, "library"),
    logs: join(folder, "logs"),
    known: undefined,
    table: { definitions: [], derived: [] },
    readTotals: () => Promise.reject(new Error("There is no catalog")),
    readLimits: () => Promise.resolve({ rate: "5M", quota: null }),
    findKey: () => Promise.resolve({ source: "a file", problem: null }),
    nameCommands: (text) => text,
    onWarning: () => {},
    signal: new AbortController().signal,
    ...changes,
  };
}

Deno.test("StatusReader needs no library, says what it is told of limits and key, and creates nothing", () =>
  inTempDir(async (folder) => {
    using reader = new StatusReader(optionsFor(folder));
    const { library, holder, monitor, checks, limits, key, evaluatedAt, alerts } = await reader.read();
    assertEquals([library, holder, monitor, checks, evaluatedAt, alerts], [null, null, null, null, null, []]);
    assertEquals([limits, key], [{ rate: "5M", quota: null }, { source: "a file", problem: null, state: null }]);
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  }));

Deno.test("StatusReader adds what is new in the log since it last read, and knows the monitor and its checks", () =>
  inTempDir(async (folder) => {
    const options = optionsFor(folder);
    const log = join(options.logs, "download.log");
    const state = join(options.library, ".civitai-dl", "state");
    for (const path of [options.logs, state]) await Deno.mkdir(path, { recursive: true });
    const line = (path: string) =>
      JSON.stringify({
        level: "ERROR",
        type: "end",
        outcome: "failed",
        failure: "timeout",
        message: "no answer",
        time: new Date().toISOString(),
        item: { path },
      });
    await append(log, `${line("a")}\n`);
    await checksFileOf(options.library).write({ checkedAt: new Date().toISOString(), failing: [] });
    using reader = new StatusReader(options);
    const before = await reader.read();
    assertEquals([before.failures.map(({ path }) => path), before.checks], [["a"], null]);
    using _lock = await acquireLock(join(state, "monitor.lock"), { command: "monitor" });
    await append(log, `${line("b")}\n`);
    const after = await reader.read();
    assertEquals([after.failures.map(({ path }) => path), after.monitor?.command], [["b", "a"], "monitor"]);
    assertEquals(after.checks?.failing, []);
  }));

Deno.test("StatusReader warns of alerts that a later version wrote, and says the rest", () =>
  inTempDir(async (folder) => {
    const warnings: string[] = [];
    const options = optionsFor(folder, { onWarning: (message) => warnings.push(message) });
    const state = join(options.library, ".civitai-dl", "state");
    await Deno.mkdir(state, { recursive: true });
    await Deno.writeTextFile(join(state, "alerts.json"), '{"schema":"civitai-dl/alerts","version":99}');
    using reader = new StatusReader(options);
    assertEquals([(await reader.read()).alerts, warnings.length], [[], 1]);
  }));
