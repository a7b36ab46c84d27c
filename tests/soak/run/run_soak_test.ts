import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import {
  explainFailedClaim,
  runSoak,
  type SoakEvent,
  type SoakProbe,
  type SoakReport,
  type SoakRow,
} from "../../../lib/soak/mod.ts";
import type { SoakOptions } from "../../../lib/soak/soak_options.ts";
import type { EventClock } from "../../helpers/event_clock.ts";
import { assertNear } from "../../helpers/assert_near.ts";
import { soak } from "../_soak.ts";

const QUICK = { plannedMs: 60_000, intervalMs: 7000 };

Deno.test("runSoak() of 60 s by 7 s has eight whole intervals and one of 4 s, each on time", async () => {
  const rows: SoakRow[] = [];
  const report = await soak({ ...QUICK, onInterval: (row) => void rows.push(row), work: () => Promise.resolve({}) });
  assertEquals(rows.map((row) => row.lengthMs), [...Array(8).fill(7000), 4000]);
  assertEquals(rows.map((row) => row.startMs), Array.from({ length: 9 }, (_, index) => 7000 * index));
  for (const [index, row] of rows.entries()) {
    assertNear(Date.parse(row.start), Date.UTC(2026, 0, 1) + 7000 * index, 500);
  }
  assertEquals([report.actualMs, report.end.type], [60_000, "planned"]);
  assertEquals(rows.reduce((sum, row) => sum + row.ops, 0), report.totals.ops);
  assertEquals(report.totals.ops, 60);
});

Deno.test("runSoak() records that the process was suspended for 10 s, and works its full time", async () => {
  const report = await soak({ ...QUICK, work: () => Promise.resolve({}) }, async (clock) => {
    await clock.run(20_300);
    clock.advance(10_000);
  });
  assertEquals(report.gaps.map((gap) => gap.kind), ["suspended"]);
  assertNear(report.gaps[0]!.lengthMs, 10_000, 1000);
  assertEquals(report.actualMs, 60_000);
  const [sitting] = report.sittings;
  assertNear(Date.parse(sitting!.endedAt) - Date.parse(sitting!.startedAt), 70_000, 1000);
});

Deno.test("runSoak() includes a stall of 5 s in the latencies of all waiting jobs", async () => {
  let stallsAtMs = Infinity;
  let fromMs = 0;
  const report = await soak({
    plannedMs: 60_000,
    intervalMs: 60_000,
    perSecond: 20,
    lanes: 2,
    async work(_job, { clock }) {
      fromMs ||= clock.monotonic();
      if (stallsAtMs === Infinity) stallsAtMs = fromMs + 30_000;
      const restMs = stallsAtMs + 5000 - clock.monotonic();
      await clock.sleep(restMs > 0 && restMs <= 5000 ? restMs : 5);
    },
  });
  const [row] = report.rows;
  assert(row!.p99Ms! >= 3500, `${row!.p99Ms}`);
  assert(row!.maxMs! >= 4900 && row!.p50Ms! < 10, JSON.stringify(row));
  assertEquals(row!.ops, 1200);
});

Deno.test("runSoak() detects a stalled job, dumps its state and continues without it", async () => {
  const hang = (clock: EventClock, signal: AbortSignal) =>
    new Promise<void>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))).catch((error) => {
      void clock;
      throw error;
    });
  const options = { ...QUICK, plannedMs: 200_000, perSecond: 0.1, lanes: 2, deadlockMs: 60_000 };
  const stuck = await soak({
    ...options,
    dump: () => Promise.resolve("all lanes wait for the limiter"),
    work(job, { clock, signal, beat }) {
      if (job.index !== 3) return Promise.resolve({});
      beat("waiting for headers");
      return hang(clock, signal);
    },
  });
  assertEquals(stuck.deadlockCount, 1);
  const [deadlock] = stuck.deadlocks;
  assertEquals([deadlock!.id, deadlock!.dump], ["3-work", "all lanes wait for the limiter"]);
  assertEquals(deadlock!.jobs.find((job) => job.id === "3-work")?.state, "waiting for headers");
  assertEquals(stuck.claims.find((claim) => claim.id === "deadlocks")?.verdict, "fail");
  assertEquals([stuck.totals.failed, stuck.errorsByClass, stuck.verdict], [1, { Deadlock: 1 }, "fail"]);
  assertEquals(stuck.totals.ops, 20);
  const patient = await soak({
    ...options,
    async work(job, { clock }) {
      if (job.index !== 3) return;
      await clock.sleep(30_000);
      throw new DOMException("Nothing came for 30 s", "TimeoutError");
    },
  });
  assertEquals([patient.deadlockCount, patient.totals.timeouts], [0, 1]);
});

Deno.test("runSoak() accepts a slow job that reports progress", async () => {
  const report = await soak({
    plannedMs: 300_000,
    intervalMs: 300_000,
    perSecond: 0.01,
    deadlockMs: 60_000,
    drainMs: 200_000,
    async work(_job, { clock, beat }) {
      for (let at = 0; at < 4; at++) {
        await clock.sleep(50_000);
        beat(`piece ${at}`);
      }
    },
  });
  assertEquals([report.deadlockCount, report.totals.ok], [0, 2]);
});

Deno.test("runSoak() has one schedule of faults per seed, however long its jobs take", async () => {
  const story = async (seed: number, workMs: number) => {
    const ids: string[] = [];
    await soak({
      ...QUICK,
      plannedMs: 600_000,
      perSecond: 1,
      lanes: 3,
      seed,
      injectRate: 0.3,
      kinds: ["plan", "fetch"],
      work: async (job, { clock }) => {
        if (job.isInjected) ids.push(`${job.id} ${job.seed}`);
        await clock.sleep(workMs);
        return { faults: job.isInjected ? 1 : 0 };
      },
    });
    return ids;
  };
  const first = await story(7, 100);
  const second = await story(7, 1500);
  const other = await story(8, 100);
  assert(first.length > 120 && first.length < 240, `${first.length}`);
  assertEquals(second, first);
  assertNotEquals(other, first);
});

Deno.test("runSoak() ends at once if a fail-fast claim fails, but not before its minimum", async () => {
  const run = (delayAbortMs: number) =>
    soak({
      ...QUICK,
      abortOn: ["integrity"] as const,
      delayAbortMs,
      work: (job) => Promise.resolve({ files: 1, mismatches: job.index === 10 ? 1 : 0 }),
    });
  const early = await run(0);
  assertEquals([early.end, early.verdict], [{ type: "claim", claim: "integrity" }, "fail"]);
  assertNear(early.actualMs, 10_000, 1000);
  const late = await run(40_000);
  assertEquals(late.end.type, "claim");
  assertNear(late.actualMs, 40_000, 1100);
  assertEquals((await soak({ ...QUICK, work: () => Promise.resolve({ files: 1 }) })).end.type, "planned");
});

Deno.test("runSoak() reports that it was stopped, and ignores what it stopped", async () => {
  const stop = new AbortController();
  const report = await soak({
    ...QUICK,
    lanes: 2,
    signal: stop.signal,
    work: (job, { signal }) => {
      if (job.index < 5) return Promise.resolve({});
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
  }, async (clock) => {
    await clock.run(20_500);
    stop.abort(new Error("Stopped before completion: received SIGINT"));
  });
  assertEquals(report.verdict, "aborted");
  assertEquals(report.end, { type: "signal", reason: "Stopped before completion: received SIGINT" });
  assertEquals([report.totals.ops, report.totals.failed, report.totals.unfinished], [5, 0, 2]);
  assertEquals(report.rows.length, 3);
  assertNear(report.actualMs, 20_500, 600);
});

Deno.test("runSoak() does not wait for a job that ignores its signal", async () => {
  const stop = new AbortController();
  const report = await soak({ ...QUICK, signal: stop.signal, work: () => new Promise(() => {}) }, async (clock) => {
    await clock.run(3000);
    stop.abort(new Error("SIGTERM"));
  });
  assertEquals([report.verdict, report.totals.unfinished], ["aborted", 1]);
});

Deno.test("runSoak() resumes from a report as without a stop, and records the gap", async () => {
  const injected: string[] = [];
  const work: SoakOptions["work"] = (job) => {
    if (job.isInjected) injected.push(job.id);
    return Promise.resolve({ attempts: 2, bytes: job.index, faults: job.isInjected ? 1 : 0 });
  };
  const setup = { intervalMs: 10_000, seed: 3, injectRate: 0.5 };
  const whole = await soak({ ...setup, plannedMs: 60_000, work });
  const injectedOfWhole = injected.splice(0);
  const stop = new AbortController();
  const first = await soak({ ...setup, plannedMs: 60_000, signal: stop.signal, work }, async (clock) => {
    await clock.run(24_500);
    stop.abort(new Error("SIGTERM"));
  });
  const later: SoakReport = JSON.parse(JSON.stringify(first));
  const second = await soak({
    ...setup,
    plannedMs: 60_000,
    work,
    resume: { report: later, endedAt: new Date(Date.UTC(2025, 11, 31, 23)).toISOString() },
  });
  assertEquals([second.verdict === "aborted", second.end.type], [false, "planned"]);
  assertEquals(injected, injectedOfWhole);
  assertEquals([second.totals.ops, second.totals.bytes, second.actualMs], [
    whole.totals.ops,
    whole.totals.bytes,
    60_000,
  ]);
  assertEquals(second.gaps.map(({ kind, lengthMs }) => [kind, lengthMs]), [["restart", 3_600_000]]);
  assertEquals(second.sittings.length, 2);
  // The interrupted interval is a row of its own; later ones align with the whole run.
  assertEquals(second.rows.map((row) => row.startMs), [0, 10_000, 20_000, first.actualMs, 30_000, 40_000, 50_000]);
  assertEquals(second.rows.map((row) => row.interval), [0, 1, 2, 3, 4, 5, 6]);
});

Deno.test("runSoak() continues if an interval cannot be written, and counts the failures", async () => {
  const events: SoakEvent[] = [];
  let written = 0;
  const report = await soak({
    ...QUICK,
    onEvent: (event) => void events.push(event),
    onInterval(row) {
      if (row.interval === 2 || row.interval === 3) return Promise.reject(new Error("No space left on device"));
      written++;
    },
    work: () => Promise.resolve({}),
  });
  assertEquals([written, report.unwritten], [7, { count: 2, reason: "No space left on device" }]);
  assertEquals([report.actualMs, events.filter((event) => event.type === "unwritten").length], [60_000, 2]);
});

Deno.test("runSoak() separates the series of each process under test, and judges the longest", async () => {
  let restarts = 0;
  let looks = 0;
  const probe = (): Promise<SoakProbe> => {
    if (++looks === 100) restarts++;
    // Each process alone is flat; together they would rise.
    const heapUsed = 10_000_000 + restarts * 30_000_000 + looks % 7 * 1000;
    return Promise.resolve({ heapUsed, external: 5, rss: 3 * 2 ** 30, handles: 20, timers: 1, loopLagMs: looks });
  };
  const report = await soak({
    plannedMs: 120_000,
    intervalMs: 60_000,
    probe,
    restarts: () => restarts,
    work: () => Promise.resolve({}),
    claims: ["leak_heap", "leak_handles", "memory_cap", "restarts"],
  });
  assertEquals(report.generations.length, 2);
  const verdicts = Object.fromEntries(report.claims.map((claim) => [claim.id, claim.verdict]));
  assertEquals(verdicts, { leak_heap: "pass", leak_handles: "pass", memory_cap: "fail", restarts: "fail" });
  assertEquals(report.rows.map((row) => row.handles), [20, 20]);
  assert(report.rows[1]!.loopLagP99Ms! > report.rows[0]!.loopLagP99Ms!);
});

Deno.test("runSoak() counts errors of jobs by class, and reports every rate with its bound", async () => {
  const report = await soak({
    ...QUICK,
    plannedMs: 500_000,
    intervalMs: 250_000,
    work(job) {
      if (job.index % 50 === 9) throw Object.assign(new Error("gone"), { failure: "connection" });
      if (job.index % 50 === 19) throw new DOMException("late", "TimeoutError");
      return Promise.resolve({ faults: job.index % 2, retries: 1 });
    },
  });
  assertEquals(report.errorsByClass, { connection: 10, TimeoutError: 10 });
  assertEquals([report.totals.failures, report.totals.timeouts, report.totals.retries], [20, 10, 480]);
  assertEquals(report.failures[0], { jobIndex: 9, kind: "other", text: "9-work: gone" });
  for (const claim of report.claims.filter(({ unit }) => unit === "rate")) {
    assert(
      claim.low !== null && claim.high !== null && claim.confidence === 0.95 && claim.trials > 0,
      JSON.stringify(claim),
    );
  }
  assertEquals(report.claims.find((claim) => claim.id === "success_rate")?.verdict, "fail");
});

Deno.test("runSoak() refuses invalid options", async () => {
  for (
    const bad of [{ plannedMs: 0 }, { intervalMs: -1 }, { perSecond: NaN }, { lanes: 0 }, { plannedMs: Infinity }, {
      kinds: [],
    }]
  ) {
    await assertRejects(() => runSoak({ ...QUICK, ...bad, work: () => Promise.resolve() }), RangeError);
  }
});

Deno.test("runSoak() reports failures in the terms of the job", async () => {
  const report = await soak({
    ...QUICK,
    plannedMs: 60_000,
    intervalMs: 60_000,
    work: ({ index }) =>
      Promise.resolve(
        index === 7 ? { attempts: 3, failures: 1, messages: [{ kind: "other", text: "a.bin: refused" }] } : {},
      ),
  });
  assertEquals(report.failures, [{ jobIndex: 7, kind: "other", text: "7-work: a.bin: refused" }]);
});

Deno.test("runSoak() keeps the first failures of each kind, so that many of one kind hide no other", async () => {
  const report = await soak({
    ...QUICK,
    plannedMs: 60_000,
    intervalMs: 60_000,
    work: ({ index }) =>
      Promise.resolve(
        index === 40
          ? { files: 1, mismatches: 1, messages: [{ kind: "wrong_bytes", text: "wrong bytes: models/a.safetensors" }] }
          : { attempts: 2, failures: 1, messages: [{ kind: "other", text: "b.bin: refused" }] },
      ),
  });
  const wrong = report.failures.filter(({ kind }) => kind === "wrong_bytes").map(({ text }) => text);
  assertEquals([report.failures.length, wrong], [21, ["40-work: wrong bytes: models/a.safetensors"]]);
  const settings = { toxics: "mild", lanes: 1, pace: 1 };
  const { failures, command } = explainFailedClaim({ ...report, settings, plannedMs: 7_200_000 }, "integrity");
  assertEquals([failures, command?.includes("--duration 2m41s ")], [wrong, true]);
  // `--abort-on` takes no claim about a group.
  const group = explainFailedClaim({ ...report, settings }, "success_rate:turbo");
  assertEquals([group.failures.length, group.command?.endsWith(" --abort-on success_rate")], [20, true]);
});

Deno.test("runSoak() allows a warm-up of a young process", async () => {
  const judge = async (growthBytes: number) => {
    let heapUsed = 20_000_000;
    const { claims } = await soak({
      plannedMs: 120_000,
      intervalMs: 60_000,
      claims: ["leak_heap"],
      work: () => Promise.resolve({}),
      probe: () =>
        Promise.resolve({
          heapUsed: heapUsed += 10_000,
          external: null,
          rss: null,
          handles: null,
          timers: null,
          loopLagMs: null,
        }),
      warmUp: { forMs: 3_600_000, growthBytes },
    });
    return [claims[0]!.verdict, claims[0]!.series!.rises];
  };
  assertEquals(await judge(2_000_000), ["inconclusive", null]);
  assertEquals(await judge(500_000), ["fail", true]);
});
