import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type MonitorHeartbeat,
  type MonitorWork,
  runMonitor,
  runMonitorOnce,
  type RunMonitorOptions,
  SdNotifier,
} from "../../lib/monitor/mod.ts";
import { EventClock, settle } from "../helpers/event_clock.ts";
import { FakeClock } from "../helpers/fake_clock.ts";

/** Parts that record their calls. */
function makeWork(changes: Partial<MonitorWork> = {}): { readonly work: MonitorWork; readonly calls: string[] } {
  const calls: string[] = [];
  const work: MonitorWork = {
    async collect() {
      await settle();
    },
    evaluate: () => Promise.resolve({ firing: 0 }),
    readLog: () => Promise.resolve({ lines: 3, issues: 1 }),
    save: () => Promise.resolve(),
    ...changes,
  };
  const noted = Object.fromEntries(
    Object.entries(work).map(([name, part]) => [name, (...args: readonly unknown[]) => {
      calls.push(name);
      return (part as (...args: readonly unknown[]) => unknown)(...args);
    }]),
  );
  return { work: noted as unknown as MonitorWork, calls };
}

function makeHeartbeat(): { readonly heartbeat: MonitorHeartbeat; readonly beats: string[] } {
  const beats: string[] = [];
  const note = (beat: string) => {
    beats.push(beat);
    return Promise.resolve(true);
  };
  return {
    beats,
    heartbeat: {
      pingStart: () => note("start"),
      pingSuccess: () => note("success"),
      pingFailure: (body) => note(`fail ${body}`),
      pingExit: (status) => note(`exit ${status}`),
    },
  };
}

/** Run a monitor for a duration of its clock, and stop it. */
async function runFor(
  ms: number,
  work: MonitorWork,
  options: Omit<RunMonitorOptions, "signal" | "clock"> & { readonly clock?: EventClock } = {},
) {
  const { clock = new EventClock(), ...rest } = options;
  const stop = new AbortController();
  const running = runMonitor(work, { ...rest, signal: stop.signal, clock });
  await clock.run(ms);
  stop.abort(new Error("stopped"));
  await clock.run(1000);
  const summary = await running;
  assertEquals(clock.sleeping, 0);
  return summary;
}

Deno.test("runMonitor() measures every interval, polls the log every second and stores its position", async () => {
  const { work, calls } = makeWork();
  const { heartbeat, beats } = makeHeartbeat();
  const summary = await runFor(100_000, work, { heartbeat });
  const count = (name: string) => calls.filter((call) => call === name).length;
  assertEquals(["collect", "evaluate", "save", "readLog"].map(count), [4, 4, 5, 102]);
  assertEquals(calls.slice(-2), ["readLog", "save"]);
  assertEquals(beats, ["start", "success", "success", "success", "success", "exit 0"]);
  assertEquals(summary, {
    ticks: 4,
    skipped: 0,
    failed: 0,
    maxLateMs: 0,
    driftMs: 0,
    lines: 306,
    issues: 102,
    firing: 0,
  });
});

Deno.test("runMonitor() performs one half on request", async () => {
  const metrics = makeWork();
  assertEquals((await runFor(60_000, metrics.work, { only: "metrics" })).lines, 0);
  assert(!metrics.calls.includes("readLog"));
  const log = makeWork();
  assertEquals((await runFor(60_000, log.work, { only: "log" })).firing, null);
  assert(!log.calls.includes("collect") && !log.calls.includes("evaluate") && log.calls.includes("save"));
});

Deno.test("runMonitor() reports a failed tick and continues", async () => {
  let count = 0;
  const { work } = makeWork({
    evaluate: () => ++count === 2 ? Promise.reject(new Error("no rules")) : Promise.resolve({ firing: 2 }),
  });
  const { heartbeat, beats } = makeHeartbeat();
  const problems: string[] = [];
  const summary = await runFor(80_000, work, { heartbeat, onProblem: (message) => problems.push(message) });
  assertEquals(beats, ["start", "success", "fail no rules", "success", "exit 0"]);
  assertEquals(problems, ["A tick failed: no rules"]);
  assertEquals([summary.ticks, summary.failed, summary.firing], [3, 1, 2]);
});

Deno.test("runMonitor() evaluates and stores its position even if the collection and the tick fail", async () => {
  const { work, calls } = makeWork({
    collect: () => Promise.reject(new Error("disk full")),
    evaluate: () => Promise.resolve({ firing: 1 }),
  });
  const { heartbeat, beats } = makeHeartbeat();
  const summary = await runFor(10_000, work, { heartbeat });
  assertEquals([summary.firing, summary.failed], [1, 1]);
  assertEquals(calls.filter((name) => name !== "readLog").slice(0, 3), ["collect", "evaluate", "save"]);
  assertEquals(beats, ["start", "fail disk full", "exit 0"]);
});

Deno.test("runMonitorOnce() sends alerts even if the collection fails, and then fails", async () => {
  const { work, calls } = makeWork({ collect: () => Promise.reject(new Error("disk full")) });
  const { heartbeat, beats } = makeHeartbeat();
  await assertRejects(() => runMonitorOnce(work, { heartbeat }), Error, "disk full");
  assertEquals([calls, beats], [["collect", "evaluate", "readLog", "save"], ["start", "fail disk full"]]);
});

Deno.test("runMonitor() treats an unwritable state as a failed tick", async () => {
  const { work } = makeWork({ save: () => Promise.reject(new Error("disk full")) });
  const { heartbeat, beats } = makeHeartbeat();
  const problems: string[] = [];
  await runFor(10_000, work, { heartbeat, onProblem: (message) => problems.push(message) });
  assertEquals(beats, ["start", "fail disk full", "exit 1"]);
  assertEquals(problems, ["A tick failed: disk full", "Cannot save the state at exit: disk full"]);
});

Deno.test("runMonitor() finishes the current tick before it ends", async () => {
  const clock = new EventClock();
  let ended = 0;
  const { work, calls } = makeWork({
    async evaluate() {
      await clock.sleep(500);
      ended++;
      return { firing: 0 };
    },
  });
  await runFor(30_200, work, { clock });
  assertEquals([ended, calls.at(-1)], [2, "save"]);
});

Deno.test("runMonitor() is not delayed by a hanging heartbeat, and reports the current status to it afterwards", async () => {
  const hanging = Promise.withResolvers<void>();
  const beats = [] as string[];
  const note = (beat: string) => Promise.resolve(beats.push(beat));
  const { work } = makeWork();
  const clock = new EventClock();
  const stop = new AbortController();
  const running = runMonitor(work, {
    signal: stop.signal,
    clock,
    heartbeat: {
      pingStart: () => hanging.promise,
      pingSuccess: () => note("success"),
      pingFailure: () => note("fail"),
      pingExit: (status) => note(`exit ${status}`),
    },
  });
  await clock.run(95_000);
  stop.abort(new Error("stopped"));
  await clock.run(0);
  hanging.resolve();
  assertEquals((await running).ticks, 4);
  assertEquals(beats, ["exit 0"]);
});

Deno.test("runMonitor() reports gaps in time", async () => {
  const clock = new EventClock();
  const problems = [] as string[];
  const stop = new AbortController();
  const { work } = makeWork({ collect: () => Promise.resolve() });
  const running = runMonitor(work, {
    signal: stop.signal,
    clock,
    only: "metrics",
    onProblem: (message) => problems.push(message),
  });
  await clock.run(10_000);
  clock.advance(120_000);
  await clock.run(1000);
  stop.abort(new Error("stopped"));
  await clock.run(0);
  assertEquals([(await running).skipped, problems], [3, ["Gap in time: stopped, 100 s"]]);
});

Deno.test("runMonitor() notifies the service manager, but not during a hanging tick", async () => {
  const clock = new EventClock();
  const messages = [] as string[];
  const env: Readonly<Record<string, string>> = { NOTIFY_SOCKET: "/run/notify", WATCHDOG_USEC: "20000000" };
  const notifier = new SdNotifier({
    env: (name) => env[name],
    send: (message) => Promise.resolve(void messages.push(message)),
  });
  const hanging = Promise.withResolvers<void>();
  let ticks = 0;
  const { work } = makeWork({
    async collect() {
      if (++ticks === 2) await hanging.promise;
    },
  });
  const stop = new AbortController();
  const running = runMonitor(work, { signal: stop.signal, clock, notifier, only: "metrics" });
  await clock.run(25_000);
  assertEquals(messages.slice(0, 1), ["READY=1\nSTATUS=Watching"]);
  const signs = () => messages.filter((message) => message === "WATCHDOG=1").length;
  assertEquals(signs(), 3);
  await clock.run(600_000);
  // The tick hangs from 30 s on; after three more minutes it counts as hung.
  assertEquals(signs(), 22);
  hanging.resolve();
  await clock.run(20_000);
  assert(signs() > 22);
  stop.abort(new Error("stopped"));
  await clock.run(0);
  await running;
  assertEquals(messages.at(-1), "STOPPING=1");
  assert(messages.includes("STATUS=1 tick, 0 alerts fire"));
});

Deno.test("runMonitorOnce() does everything once", async () => {
  const { work, calls } = makeWork({ evaluate: () => Promise.resolve({ firing: 2 }) });
  const { heartbeat, beats } = makeHeartbeat();
  const summary = await runMonitorOnce(work, { heartbeat, clock: new FakeClock() });
  assertEquals(calls, ["collect", "evaluate", "readLog", "save"]);
  assertEquals([summary.firing, summary.lines, summary.issues], [2, 3, 1]);
  assertEquals(beats, ["start", "exit 0"]);
});

Deno.test("runMonitorOnce() performs one half on request", async () => {
  const metrics = makeWork();
  const log = makeWork();
  await runMonitorOnce(metrics.work, { only: "metrics" });
  assertEquals((await runMonitorOnce(log.work, { only: "log" })).firing, null);
  assertEquals([metrics.calls, log.calls], [["collect", "evaluate", "save"], ["readLog", "save"]]);
});

Deno.test("runMonitor() looks at failing checks between the rounds, often enough to be rid of one within a minute", async () => {
  const looks: string[] = [];
  const { work } = makeWork({ check: ({ which }) => Promise.resolve(void looks.push(which)) });
  await runFor(601_000, work, { intervalMs: 30_000, checksMs: 600_000 });
  assertEquals(looks.flatMap((which, index) => which === "all" ? [index * 30] : []), [0, 600]);
  assertEquals(looks.length, 21);
  looks.length = 0;
  await runFor(5500, work, { checksMs: 1000 });
  assertEquals(new Set(looks), new Set(["all"]));
});
