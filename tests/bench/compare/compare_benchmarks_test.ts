import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { compareBenchmarks, judgeRegression, type MeasuredBenchmark } from "../../../lib/bench/mod.ts";
import { GOB, JSON_TIMES } from "../../helpers/golden.ts";
import { assertNear } from "../../helpers/assert_near.ts";

function benchmark(name: string, samples: readonly number[], more: Partial<MeasuredBenchmark> = {}): MeasuredBenchmark {
  return { name, samples, unit: "seconds", isExact: false, again: [], problem: null, ...more };
}

Deno.test("compareBenchmarks() reproduces the published numbers of two comparisons", () => {
  const { benchmarks: [json, gob], geomean } = compareBenchmarks(
    [benchmark("json", JSON_TIMES.before), benchmark("gob", GOB.before)],
    [benchmark("json", JSON_TIMES.after), benchmark("gob", GOB.after)],
  );
  assertEquals([json!.base!.median, json!.target!.median, json!.target!.n], [1718, 1422.5, 10]);
  assertNear(json!.change!, 1 - 0.1720, 5e-5);
  assertNear(json!.pValue!, 1.0825e-5, 1e-9);
  assertEquals(json!.verdict, "improved");
  assertNear(gob!.pValue!, 0.44610, 5e-6);
  assertEquals(gob!.verdict, "same");
  assertNear(geomean!, 1 - 0.0894, 5e-5);
});

Deno.test("compareBenchmarks() needs four runs per side: three are inconclusive", () => {
  const compare = (n: number) =>
    compareBenchmarks(
      [benchmark("work", [1, 1.01, 1.02, 1.03].slice(0, n))],
      [benchmark("work", [2, 2.01, 2.02, 2.03].slice(0, n))],
    );
  const three = compare(3);
  assertEquals([three.verdict, three.benchmarks[0]!.verdict], ["inconclusive", "inconclusive"]);
  assertMatch(three.benchmarks[0]!.notes.join(), /too few samples \(3\): at least 4 are needed/);
  const four = compare(4);
  assertNear(four.benchmarks[0]!.pValue!, 0.02857, 5e-6);
  assertEquals(four.verdict, "regression");
});

Deno.test("compareBenchmarks() lists missing, failed and new benchmarks", () => {
  const sample = [1, 1.001, 1.002, 1.003, 1.004, 1.005];
  const { verdict, benchmarks } = compareBenchmarks(
    [benchmark("stays", sample), benchmark("goes", sample), benchmark("breaks", sample)],
    [benchmark("stays", sample), benchmark("breaks", [], { problem: "it threw" }), benchmark("comes", sample)],
  );
  assertEquals(benchmarks.map((one) => [one.name, one.verdict]), [
    ["stays", "same"],
    ["goes", "missing"],
    ["breaks", "failed"],
    ["comes", "new"],
  ]);
  assertEquals(benchmarks[2]!.notes, ["it threw"]);
  assertEquals(verdict, "regression");
  // A measurement that was stopped before its first round has none.
  assertEquals([compareBenchmarks([], []).verdict, judgeRegression([], []).verdict], ["inconclusive", "inconclusive"]);
});

Deno.test("compareBenchmarks() does not compare with a failed baseline", () => {
  const { benchmarks: [one] } = compareBenchmarks(
    [benchmark("work", [], { problem: "it threw" })],
    [benchmark("work", [1, 2, 3, 4])],
  );
  assertEquals([one!.verdict, one!.notes], ["inconclusive", ["in the baseline: it threw"]]);
});

Deno.test("compareBenchmarks() compares counts exactly: one more is a regression", () => {
  const count = (value: number) => benchmark("requests", [value], { unit: "count", isExact: true });
  const verdict = (before: number, after: number) => compareBenchmarks([count(before)], [count(after)]).verdict;
  assertEquals([verdict(41, 41), verdict(41, 42), verdict(41, 40)], ["same", "regression", "improved"]);
  assertEquals(verdict(0, 1), "regression");
  const varying = (samples: readonly number[]) => benchmark("requests", samples, { unit: "count", isExact: true });
  assertEquals(compareBenchmarks([varying([4, 5])], [varying([5, 6])]).verdict, "inconclusive");
  assertEquals(compareBenchmarks([varying([4, 6])], [varying([5, 6])]).verdict, "same");
});

Deno.test("compareBenchmarks() names another number of files, and takes neither more nor fewer for an improvement", () => {
  const files = (...samples: number[]) => benchmark("files", samples, { unit: "files", isExact: true });
  const compare = (before: MeasuredBenchmark, after: MeasuredBenchmark) =>
    compareBenchmarks([before], [after]).benchmarks[0]!;
  const why = "the sides did not do the same, so look at which files differ";
  for (const [before, after] of [[30, 29], [30, 31], [1, 0]] as const) {
    const { verdict, notes } = compare(files(before, before), files(after, after));
    assertEquals([verdict, notes], ["inconclusive", [`${before} files became ${after}: ${why}`]]);
  }
  assertEquals(compare(files(30, 30), files(30, 30)).verdict, "same");
  assertEquals(compare(files(30, 30), files(29, 30)).notes, [`30 files became 29 to 30: ${why}`]);
  assertEquals(compare(files(29, 30), files(29, 30)).verdict, "inconclusive");
});

Deno.test("compareBenchmarks() corrects for the number of benchmarks", () => {
  const pair = (name: string): readonly [MeasuredBenchmark, MeasuredBenchmark] => [
    benchmark(name, [1, 1.01, 1.02, 1.03]),
    benchmark(name, [1.2, 1.21, 1.22, 1.23]),
  ];
  const alone = pair("alone");
  assertEquals(compareBenchmarks([alone[0]], [alone[1]]).verdict, "regression");
  const pairs = ["a", "b", "c"].map(pair);
  const { benchmarks } = compareBenchmarks(pairs.map(([base]) => base), pairs.map(([, target]) => target));
  assertEquals(benchmarks.map((one) => one.verdict), Array(3).fill("inconclusive"));
  assertNear(benchmarks[0]!.adjustedP!, 3 * 2 / 70, 1e-12);
});

Deno.test("compareBenchmarks() refuses invalid samples and duplicate names", () => {
  for (const odd of [NaN, Infinity, -1]) {
    assertThrows(() => compareBenchmarks([benchmark("x", [1, odd])], [benchmark("x", [1])]), RangeError, '"x"');
  }
  assertThrows(() => compareBenchmarks([benchmark("x", [1]), benchmark("x", [1])], []), RangeError, "twice");
});

Deno.test("judgeRegression() passes only if the difference is proven to be within the margin", () => {
  const steady = Array.from({ length: 10 }, (_, i) => 1 + i * 0.002);
  const wide = Array.from({ length: 10 }, (_, i) => 1 + i * 0.03);
  const judge = (base: readonly number[], current: readonly number[]) =>
    judgeRegression([benchmark("work", base)], [benchmark("work", current)]);
  assertEquals(judge(steady, steady).verdict, "pass");
  assertEquals(judge(steady, steady.map((value) => value * 1.03)).verdict, "pass");
  assertEquals(judge(steady, steady.map((value) => value * 1.1)).verdict, "fail");
  assertEquals(judge(wide, wide).verdict, "inconclusive");
  assertEquals(judge(steady, []).verdict, "fail");
  const [claim] = judge(steady, steady.map((value) => value * 1.1)).claims;
  assertEquals([claim!.id, claim!.trials, claim!.requirement], ["work", 10, 1.05]);
  assert(claim!.estimate! > 1.09 && claim!.bound! > claim!.estimate!);
});

Deno.test("judgeRegression() does not pass if equal code differs by more than the margin", () => {
  const steady = Array.from({ length: 20 }, (_, i) => 1 + (i % 10) * 0.002);
  const loud = benchmark("work", steady, { again: steady.map((value, i) => value * (i % 2 ? 1.2 : 0.9)) });
  const { verdict, claims } = judgeRegression([loud], [benchmark("work", steady)]);
  assertEquals(verdict, "inconclusive");
  assertMatch(claims[0]!.notes.join(), /noise floor .*: runs of equal code differ that much/);
});
