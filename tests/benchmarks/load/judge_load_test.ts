import { assertEquals } from "@std/assert";
import { explainRed, judgeLoad, type LoadRun } from "../../../benchmarks/load/mod.ts";
import { verdictOf } from "../../../lib/judge/mod.ts";
import { loadRunOf, loadRunsOf } from "./_runs.ts";

function verdicts(runs: readonly LoadRun[]): Readonly<Record<string, string>> {
  const claims = judgeLoad(runs);
  return { ...Object.fromEntries(claims.map(({ id, verdict }) => [id, verdict])), all: verdictOf(claims) };
}

const claims = (success: string, speed: string, memory: string, runs: string, all: string) => ({
  "load_success": success,
  "load_speed": speed,
  "load_memory": memory,
  "load_runs": runs,
  all,
});

Deno.test("judgeLoad() passes ten green runs, by the bounds of success and speed", () => {
  const runs = loadRunsOf(10).map((run, index) => ({ ...run, seconds: 20 + index }));
  assertEquals(verdicts(runs), claims("pass", "pass", "pass", "pass", "pass"));
  const [success, speed, memory] = judgeLoad(runs);
  assertEquals([success!.events, success!.trials, success!.low! > 0.9996], [10_000, 10_000, true]);
  // The sign test on ten runs leaves out one on each side.
  assertEquals([speed!.low, speed!.confidence], [2000 / 28, 1 - 22 / 1024]);
  assertEquals([memory!.estimate, memory!.trials], [120, 10]);
});

Deno.test("judgeLoad() proves nothing with nine runs, but one bad run has failed already", () => {
  assertEquals(
    verdicts(loadRunsOf(9)),
    claims("inconclusive", "inconclusive", "inconclusive", "inconclusive", "inconclusive"),
  );
  assertEquals(verdicts([loadRunOf(0, { code: 1 })]).all, "fail");
  assertEquals(verdicts([]).all, "inconclusive");
  const single = judgeLoad([loadRunOf(0)])[1]!;
  assertEquals([single.estimate, single.verdict, single.confidence], [100, "inconclusive", 0]);
});

Deno.test("judgeLoad() refutes a rate of right files, and leaves open what the sample does not show", () => {
  assertEquals(verdicts(loadRunsOf(10, { right: 990 })), claims("fail", "pass", "pass", "fail", "fail"));
  // 99.55 % of 10 000: each run is green, but the bound is below 99.5 %.
  const close = loadRunsOf(10).map((run, index) => ({ ...run, right: index < 5 ? 995 : 996 }));
  assertEquals(verdicts(close), claims("inconclusive", "pass", "pass", "pass", "inconclusive"));
  const uneven = loadRunsOf(10).map((run, index) => ({ ...run, seconds: 34 + index }));
  assertEquals(judgeLoad(uneven)[1]!.verdict, "inconclusive");
});

Deno.test("judgeLoad() refutes a slow load, and one slow run spoils the ten", () => {
  assertEquals(verdicts(loadRunsOf(10, { seconds: 41 })), claims("pass", "fail", "pass", "fail", "fail"));
  const one = [...loadRunsOf(9), loadRunOf(9, { seconds: 41 })];
  assertEquals(verdicts(one), claims("pass", "pass", "pass", "fail", "fail"));
  assertEquals(judgeLoad(one)[3]!.note, "run 10: 48.8 MB/s");
});

Deno.test("judgeLoad() refutes memory above 160 MB in any run, and does not pass what was not measured", () => {
  const one = [...loadRunsOf(9), loadRunOf(9, { peakRssBytes: 160_000_001 })];
  assertEquals(verdicts(one), claims("pass", "pass", "fail", "fail", "fail"));
  assertEquals(verdicts(loadRunsOf(10, { peakRssBytes: 160_000_000 })).all, "pass");
  const unknown = [...loadRunsOf(9), loadRunOf(9, { peakRssBytes: null })];
  assertEquals(verdicts(unknown), claims("pass", "pass", "inconclusive", "fail", "fail"));
});

Deno.test("explainRed() names every limit that a run does not meet", () => {
  assertEquals(explainRed(loadRunOf(0)), []);
  assertEquals(explainRed(loadRunOf(0, { code: 3, right: 900, seconds: 50, peakRssBytes: 200e6 })), [
    "exit code 3",
    "900 of 1000 files are right",
    "40.0 MB/s",
    "200.0 MB of memory",
  ]);
});
