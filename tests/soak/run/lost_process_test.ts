import { assert, assertEquals, assertThrows } from "@std/assert";
import { type OwnMemory, runSoak, WatchedProcess } from "../../../lib/soak/mod.ts";
import { childCommand } from "../_start_child.ts";

Deno.test("runSoak() counts and restarts a killed process, and fails the run", async () => {
  await using watched = new WatchedProcess({ command: childCommand });
  const report = await runSoak({
    plannedMs: 2500,
    intervalMs: 500,
    perSecond: 20,
    lanes: 1,
    probeMs: 100,
    async work(job, { signal, beat }) {
      const isVictim = job.index === 20;
      const kill = () => void (isVictim && Deno.kill(watched.pid!, "SIGKILL"));
      await watched.work({ how: isVictim ? "hang" : "wave" }, { signal, beat: (state) => (beat(state), kill()) });
    },
    probe: async () => ({ ...await watched.probe() as OwnMemory, handles: null, timers: null, loopLagMs: null }),
    restarts: () => watched.restarts,
    claims: ["restarts", "success_rate"],
  });
  assertEquals([report.restarts, report.errorsByClass], [1, { LostProcess: 1 }]);
  assertEquals(report.failures, ["20-work: The process ended with SIGKILL"]);
  assertEquals([report.totals.failed, report.verdict], [1, "fail"]);
  assert(report.totals.ok >= 40, `${report.totals.ok}`);
  assertEquals(report.generations.length, 2);
});

Deno.test("runSoak() continues in another process if a job ignores its signal", async () => {
  await using watched = new WatchedProcess({ command: childCommand, graceMs: 300 });
  const report = await runSoak({
    plannedMs: 3500,
    intervalMs: 3500,
    perSecond: 10,
    lanes: 1,
    deadlockMs: 1000,
    work: async (job, context) => void await watched.work({ how: job.index === 0 ? "deaf" : "wave" }, context),
    restarts: () => watched.restarts,
    claims: ["restarts", "deadlocks"],
  });
  assertEquals([report.deadlockCount, report.restarts], [1, 1]);
  assertEquals([report.errorsByClass, report.totals.ok, report.totals.failed], [{ Deadlock: 1 }, 34, 1]);
});

Deno.test(
  "runSoak() ends by signal and by time if a process does not respond, and leaves no orphan",
  {
    ignore: Deno.build.os === "windows",
  },
  async () => {
    const run = async (options: { readonly drainMs: number; readonly stopMs: number | null }) => {
      const { drainMs, stopMs } = options;
      const watched = new WatchedProcess({ command: childCommand });
      const stop = new AbortController();
      await watched.work({ how: "wave" });
      const { pid } = watched;
      Deno.kill(pid!, "SIGSTOP");
      const startedMs = performance.now();
      const timer = stopMs === null ? undefined : setTimeout(() => stop.abort(new Error("SIGINT")), stopMs);
      const report = await runSoak({
        plannedMs: 500,
        intervalMs: 500,
        perSecond: 4,
        lanes: 2,
        drainMs,
        signal: stop.signal,
        work: async (_job, context) => void await watched.work({ how: "wave" }, context),
        claims: ["deadlocks"],
      });
      await watched[Symbol.asyncDispose]();
      clearTimeout(timer);
      assertThrows(() => Deno.kill(pid!, "SIGCONT"));
      return { report, tookMs: performance.now() - startedMs };
    };
    const [stopped, over] = await Promise.all([
      run({ drainMs: 60_000, stopMs: 1200 }),
      run({ drainMs: 1000, stopMs: null }),
    ]);
    assert(stopped.tookMs < 6000 && over.tookMs < 6000, `${stopped.tookMs}, ${over.tookMs} ms`);
    assertEquals(stopped.report.end, { type: "signal", reason: "SIGINT, while waiting for the last jobs to end" });
    assertEquals([stopped.report.verdict, stopped.report.totals.unfinished], ["aborted", 2]);
    assertEquals([over.report.verdict, over.report.deadlockCount, over.report.totals.unfinished], ["fail", 2, 0]);
  },
);
