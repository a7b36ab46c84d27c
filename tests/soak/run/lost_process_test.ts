import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { explainFailedClaim, type OwnMemory, runSoak, WatchedProcess } from "../../../lib/soak/mod.ts";
import { childCommand } from "../_start_child.ts";

Deno.test("runSoak() counts and restarts a killed process, and fails the run", async () => {
  await using watched = new WatchedProcess({ command: childCommand });
  // However long a process takes to start, the victim comes within the planned time.
  await watched.work({ how: "wave" });
  const report = await runSoak({
    plannedMs: 3500,
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
  assertEquals(report.failures, [
    { jobIndex: 20, kind: "lost", text: '20-work: The process ended with SIGKILL, last at "did hang"' },
  ]);
  assertEquals([report.totals.failed, report.verdict], [1, "fail"]);
  // All before the victim, and some by the process that was started again.
  assert(report.totals.ok > 20, `${report.totals.ok}`);
  assertEquals(report.generations.length, 2);
});

Deno.test("runSoak() reports the stack of a crash once, without the place of the program, and that of a bug in a job", async () => {
  const said: string[] = [];
  await using watched = new WatchedProcess({
    command: () => childCommand({ hasErrorPipe: true }),
    onErrorText: (text) => said.push(text),
  });
  const crashes = Promise.withResolvers<void>();
  const report = await runSoak({
    plannedMs: 3000,
    intervalMs: 3000,
    perSecond: 20,
    lanes: 2,
    async work(job, { signal, beat }) {
      if (job.index === 1) await crashes.promise;
      const how = ["hang", "crash", "bug"][job.index] ?? "wave";
      await watched.work({ how }, { signal, beat: (state) => (beat(state), crashes.resolve()) });
    },
    restarts: () => watched.restarts,
    claims: ["restarts"],
  });
  assertEquals([report.restarts, report.failures.length], [1, 3]);
  assertEquals(report.failures.map(({ kind }) => kind), ["lost", "lost", "other"]);
  const [hung, crashed, bug] = report.failures.map(({ text }) => text);
  assertMatch(
    hung!,
    /^0-work: The process ended with 1, last at "did hang"\n(?:.*\n)*.*TypeError: nobody waits for it\n/,
  );
  assertMatch(hung!, /\n {4}at Object\.work \(tests\/soak\/_child\.ts:\d+:\d+\)/);
  assertEquals(crashed, '1-work: The process ended with 1, last at "did crash"');
  assertMatch(bug!, /^2-work: no such thing\n {4}at Object\.work \(tests\/soak\/_child\.ts:\d+:\d+\)\n/);
  assertStringIncludes(said.join("\n"), "nobody waits for it");
  const evidence = { ...report, settings: { toxics: "none", lanes: 2, pace: 20 } };
  const { command } = explainFailedClaim(evidence, "restarts");
  assertEquals(
    command,
    "deno task stability --duration 3s --seed 1 --toxics none --lanes 2 --pace 20 --abort-on restarts",
  );
});

Deno.test("runSoak() continues in another process if a job ignores its signal", async () => {
  await using watched = new WatchedProcess({ command: childCommand, graceMs: 300 });
  const stop = new AbortController();
  // The silence of the first job is that of the job, not of a process that is being started.
  await watched.work({ how: "wave" });
  const report = await runSoak({
    plannedMs: 60_000,
    intervalMs: 60_000,
    perSecond: 10,
    lanes: 1,
    deadlockMs: 1000,
    signal: stop.signal,
    async work(job, context) {
      if (job.index === 0) return void await watched.work({ how: "deaf" }, context);
      const timer = setInterval(() => context.beat(), 100);
      try {
        await watched.work({ how: "wave" }, context);
      } finally {
        clearInterval(timer);
      }
      stop.abort(new Error("it continues"));
    },
    restarts: () => watched.restarts,
    claims: ["restarts", "deadlocks"],
  });
  assertEquals([report.deadlockCount, report.restarts, report.end.type], [1, 1, "signal"]);
  assertEquals([report.errorsByClass, report.totals.ok, report.totals.failed], [{ Deadlock: 1 }, 1, 1]);
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
    // Without the signal, it waits for its last jobs that long.
    assert(stopped.tookMs < 60_000, `${stopped.tookMs} ms`);
    assertEquals(stopped.report.end, { type: "signal", reason: "SIGINT, while waiting for the last jobs to end" });
    assertEquals([stopped.report.verdict, stopped.report.totals.unfinished], ["aborted", 2]);
    // They began too late to be a deadlock, even though they did not end in time.
    assertEquals([over.report.deadlockCount, over.report.totals.unfinished], [0, 2]);
  },
);
