import { assert, assertEquals } from "@std/assert";
import { runSoak, type SoakProbe, type SoakReport } from "../../../lib/soak/mod.ts";
import type { SoakOptions } from "../../../lib/soak/soak_options.ts";
import { EventClock } from "../../helpers/event_clock.ts";

/** Run on a simulated clock, like a process that knows an earlier one only by its JSON. */
async function soak(
  options: Omit<SoakOptions, "clock" | "resume">,
  earlier?: SoakReport,
): Promise<SoakReport> {
  const clock = new EventClock();
  const report = earlier === undefined ? undefined : JSON.parse(JSON.stringify(earlier)) as SoakReport;
  const resume = report === undefined ? undefined : { report, endedAt: report.sittings.at(-1)!.endedAt };
  const running = runSoak({ ...options, clock, resume });
  await clock.run();
  return await running;
}

const LOOK: SoakProbe = { heapUsed: 1e7, external: 1e6, rss: 1e8, handles: 10, timers: 0, loopLagMs: 1 };

Deno.test("runSoak() keeps the memory peak across a resume, even if its series dropped it", async () => {
  let looks = 0;
  const probe = () => Promise.resolve({ ...LOOK, rss: ++looks === 51 ? 3e9 : 1e8 });
  const setup = { intervalMs: 250_000, perSecond: 0.01, probeMs: 1000, work: () => Promise.resolve({}), probe };
  const claims = ["memory_cap"] as const;
  const first = await soak({ ...setup, claims, plannedMs: 1_000_000 });
  assert(first.generations[0]!.rss.points.every(([, bytes]) => bytes < 2 ** 31), "The curve has to be thinned");
  assertEquals([first.maxRss, first.verdict], [3e9, "fail"]);
  const second = await soak({ ...setup, claims, plannedMs: 1_100_000 }, first);
  assertEquals([second.claims[0]!.estimate, second.maxRss, second.verdict], [3e9, 3e9, "fail"]);
});

Deno.test("runSoak() judges the process that lived longest, across resumes", async () => {
  let looks = 0;
  let restarts = 0;
  const probe = () => {
    // Ten minutes of a leak, and then processes that die within five seconds.
    if (++looks > 600 && looks % 5 === 0) restarts++;
    return Promise.resolve({ ...LOOK, heapUsed: looks <= 600 ? 1e7 + looks * 1e4 : 1e7 });
  };
  const report = await soak({
    plannedMs: 800_000,
    intervalMs: 400_000,
    perSecond: 0.01,
    probeMs: 1000,
    work: () => Promise.resolve({}),
    probe,
    restarts: () => restarts,
    claims: ["leak_heap"],
  });
  assert(restarts > 30);
  assertEquals([report.generations.length, report.claims[0]!.verdict], [20, "fail"]);
});

Deno.test("runSoak() reports one moment, however late it is written, and resumes without counting twice", async () => {
  const setup = { intervalMs: 10_000, perSecond: 5, work: () => Promise.resolve({}) };
  const clock = new EventClock();
  const saved: SoakReport[] = [];
  const running = runSoak({
    ...setup,
    plannedMs: 40_000,
    clock,
    async onInterval(_row, report) {
      await clock.sleep(7000);
      saved.push(report());
    },
  });
  await clock.run();
  await running;
  assertEquals(saved.map(({ totals, nextJob }) => totals.ops - nextJob), [0, 0, 0, 0]);
  assertEquals(saved.map(({ rows }) => rows.length), [1, 2, 3, 4]);
  for (const report of saved) {
    assertEquals(report.rows.reduce((sum, row) => sum + row.ops, 0), report.totals.ops);
  }
  const again = await soak({ ...setup, plannedMs: 40_000 }, saved[0]);
  assertEquals([again.totals.ops, again.nextJob, again.rows.length], [200, 200, 4]);
});

Deno.test("runSoak() writes the deadlocks of an interval with their dumps", async () => {
  const clock = new EventClock();
  const saved: SoakReport[] = [];
  const running = runSoak({
    plannedMs: 200_000,
    intervalMs: 100_000,
    perSecond: 0.01,
    clock,
    dump: () => Promise.resolve("a dump"),
    work: (_job, { signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true })),
    onInterval: (_row, report) => void saved.push(report()),
  });
  await clock.run();
  await running;
  assertEquals(saved.map(({ deadlocks, deadlockCount }) => [deadlocks.length, deadlockCount]), [[1, 1], [2, 2]]);
  assertEquals(saved[0]!.deadlocks[0]!.dump, "a dump");
});

Deno.test("runSoak() reports the jobs that a kill interrupted when it resumes", async () => {
  const clock = new EventClock();
  const work = (ms: number) => () => clock.sleep(ms);
  const setup = { plannedMs: 40_000, intervalMs: 10_000, lanes: 3, clock };
  const saved: SoakReport[] = [];
  const running = runSoak({ ...setup, work: work(2500), onInterval: (_row, report) => void saved.push(report()) });
  await clock.run();
  await running;
  const [first] = saved;
  const lost = first!.nextJob - first!.totals.ops;
  assertEquals([first!.end.type, lost, first!.totals.unfinished], ["running", 2, 0]);
  const second = await soak({ plannedMs: 40_000, intervalMs: 10_000, work: () => Promise.resolve({}) }, first);
  assertEquals([second.totals.unfinished, second.totals.ops + lost], [lost, second.nextJob]);
  assertEquals(second.rows.map(({ unfinished }) => unfinished), [0, lost, 0, 0]);
  // Those of a run that was stopped properly are already reported.
  const third = await soak({ plannedMs: 50_000, intervalMs: 10_000, work: () => Promise.resolve({}) }, second);
  assertEquals(third.totals.unfinished, lost);
});

Deno.test("runSoak() keeps the start of every wait across a resume", async () => {
  const setup = { intervalMs: 2000, perSecond: 50 };
  const clock = new EventClock();
  const running = runSoak({ ...setup, plannedMs: 2000, clock, work: () => clock.sleep(250) });
  await clock.run();
  const first = await running;
  assert(first.schedule.longestWaitMs! > 1700 && first.schedule.p50Ms! > 700, JSON.stringify(first.schedule));
  // A job blocks its lane for the rest of the sitting: nothing of the backlog is served.
  const still = () => new Promise<never>(() => {});
  const second = await soak({ ...setup, plannedMs: 2100, work: still }, first);
  assertEquals([second.schedule.begun, second.schedule.waiting], [
    first.schedule.begun + 1,
    104 - first.schedule.begun,
  ]);
  assertEquals(second.schedule.longestWaitMs, 2100 - second.schedule.begun * 20);
  assert(second.schedule.p50Ms! >= first.schedule.p50Ms!, JSON.stringify(second.schedule));
  assert(second.rows.at(-1)!.p50Ms! >= first.schedule.p50Ms!, JSON.stringify(second.rows.at(-1)));
  const latencies: number[] = [];
  await soak({
    ...setup,
    plannedMs: 2100,
    work: () => Promise.resolve({}),
    onEvent: (event) => event.type === "result" ? latencies.push(event.latencyMs) : 0,
  }, first);
  // They are served at once after the resume, each with its whole wait.
  assertEquals(Math.round(latencies[0]!), 2000 - first.nextJob * 20);
  assertEquals(latencies.length, 105 - first.nextJob);
});
