import { assertEquals } from "@std/assert";
import type { MonitorHalf, MonitorWork } from "../../lib/monitor/mod.ts";
import { runTick } from "../../lib/monitor/run_tick.ts";

/** Run a tick whose parts fail where they are told to; returns the parts that it called, and the outcome. */
async function tick(halves: readonly MonitorHalf[], failing: readonly string[] = []) {
  const calls: string[] = [];
  const part = <Result>(name: string, result: Result) => (): Promise<Result> => {
    calls.push(name);
    return failing.includes(name) ? Promise.reject(new Error(name)) : Promise.resolve(result);
  };
  const work: MonitorWork = {
    collect: part("collect", undefined),
    evaluate: part("evaluate", { firing: 2 }),
    readLog: part("readLog", { lines: 3, issues: 1 }),
    save: part("save", undefined),
  };
  const { failure, ...found } = await runTick(work, { now: 0, halves });
  return { calls, ...found, failure: failure === null ? null : (failure.error as Error).message };
}

Deno.test("runTick() does the halves that it is told to, and always saves", async () => {
  const all = { firing: 2, lines: 3, issues: 1, failure: null };
  assertEquals(await tick(["metrics", "log"]), { calls: ["collect", "evaluate", "readLog", "save"], ...all });
  assertEquals(await tick(["metrics"]), { calls: ["collect", "evaluate", "save"], ...all, lines: 0, issues: 0 });
  assertEquals(await tick(["log"]), { calls: ["readLog", "save"], ...all, firing: null });
  assertEquals((await tick([])).calls, ["save"]);
});

Deno.test("runTick() does all other work before a failed collection fails it, and none after any other failure", async () => {
  const full = await tick(["metrics", "log"], ["collect"]);
  assertEquals([full.calls, full.firing, full.failure], [["collect", "evaluate", "readLog", "save"], 2, "collect"]);
  const blind = await tick(["metrics", "log"], ["collect", "evaluate"]);
  assertEquals([blind.calls, blind.firing, blind.failure], [["collect", "evaluate"], null, "evaluate"]);
  const lost = await tick(["metrics"], ["save"]);
  assertEquals([lost.firing, lost.failure], [2, "save"]);
});
