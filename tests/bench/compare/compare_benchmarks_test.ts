import { assert, assertEquals, assertThrows } from "@std/assert";
import { compareBenchmarks, type MeasuredBenchmark } from "../../../lib/bench/mod.ts";
import { GOB, JSON_TIMES } from "../../helpers/golden.ts";
import { assertNear } from "../../helpers/assert_near.ts";

function benchmark(name: string, samples: readonly number[], more: Partial<MeasuredBenchmark> = {}): MeasuredBenchmark {
  return { name, samples, unit: "seconds", isExact: false, again: samples, problem: null, ...more };
}

Deno.test("compareBenchmarks() reproduces the published ratios of two comparisons", () => {
  const { claims: [json, gob] } = compareBenchmarks(
    [benchmark("json", JSON_TIMES.before), benchmark("gob", GOB.before)],
    [benchmark("json", JSON_TIMES.after), benchmark("gob", GOB.after)],
  );
  assertEquals([json!.id, json!.trials, json!.verdict, gob!.verdict], ["slowdown:json", 10, "pass", "pass"]);
  assertNear(json!.estimate!, 1 - 0.1720, 2e-3);
  assert(json!.high! < 1);
});

Deno.test("compareBenchmarks() needs four runs per side: three are inconclusive", () => {
  const compare = (n: number) =>
    compareBenchmarks(
      [benchmark("work", [1, 1.01, 1.02, 1.03].slice(0, n))],
      [benchmark("work", [2, 2.01, 2.02, 2.03].slice(0, n))],
    ).verdict;
  assertEquals([compare(3), compare(4)], ["inconclusive", "fail"]);
});

Deno.test("compareBenchmarks() fails for missing and failed benchmarks, and claims nothing about new ones", () => {
  const sample = [1, 1.001, 1.002, 1.003, 1.004, 1.005];
  const { verdict, claims } = compareBenchmarks(
    [benchmark("stays", sample), benchmark("goes", sample), benchmark("breaks", sample)],
    [benchmark("stays", sample), benchmark("breaks", [], { problem: "it threw" }), benchmark("comes", sample)],
  );
  assertEquals(claims.map((one) => [one.id, one.verdict, one.reason]), [
    ["slowdown:stays", "pass", ""],
    ["slowdown:goes", "fail", "the candidate does not have it"],
    ["slowdown:breaks", "fail", "in the candidate: it threw"],
  ]);
  assertEquals(verdict, "fail");
  // A measurement that was stopped before its first round has none.
  assertEquals(compareBenchmarks([], []).verdict, "inconclusive");
});

Deno.test("compareBenchmarks() does not compare with a failed baseline", () => {
  const { verdict, claims: [one] } = compareBenchmarks(
    [benchmark("work", [], { problem: "it threw" })],
    [benchmark("work", [1, 2, 3, 4])],
  );
  assertEquals([verdict, one!.verdict, one!.note], ["inconclusive", "not evaluated", "in the baseline: it threw"]);
});

Deno.test("compareBenchmarks() compares counts exactly: one more fails", () => {
  const count = (...samples: readonly number[]) => benchmark("requests", samples, { unit: "count", isExact: true });
  const verdict = (before: MeasuredBenchmark, after: MeasuredBenchmark) => compareBenchmarks([before], [after]).verdict;
  assertEquals([verdict(count(41), count(41)), verdict(count(41), count(42)), verdict(count(41), count(40))], [
    ...["pass", "fail", "pass"] as const,
  ]);
  assertEquals([verdict(count(0), count(1)), verdict(count(4, 5), count(5, 6))], ["fail", "inconclusive"]);
});

Deno.test("compareBenchmarks() takes neither more nor fewer files for an improvement", () => {
  const files = (...samples: number[]) => benchmark("files", samples, { unit: "files", isExact: true });
  for (const [before, after] of [[30, 29], [30, 31], [1, 0]] as const) {
    const { claims: [one] } = compareBenchmarks([files(before, before)], [files(after, after)]);
    assertEquals([one!.verdict, one!.note], [
      "not evaluated",
      "the number of files differs: the sides did not do the same",
    ]);
  }
  assertEquals(compareBenchmarks([files(30, 30)], [files(30, 30)]).verdict, "pass");
});

Deno.test("compareBenchmarks() corrects for the number of benchmarks", () => {
  const pair = (name: string): readonly [MeasuredBenchmark, MeasuredBenchmark] => [
    benchmark(name, [1, 1.01, 1.02, 1.03]),
    benchmark(name, [1.2, 1.21, 1.22, 1.23]),
  ];
  const alone = pair("alone");
  assertEquals(compareBenchmarks([alone[0]], [alone[1]]).verdict, "fail");
  const pairs = ["a", "b", "c"].map(pair);
  const { claims } = compareBenchmarks(pairs.map(([base]) => base), pairs.map(([, target]) => target));
  assertEquals(claims.map((one) => one.verdict), Array(3).fill("inconclusive"));
  assertNear(claims[0]!.tests!.pAbove, 3 / 70, 1e-12);
});

Deno.test("compareBenchmarks() refuses invalid samples and duplicate names", () => {
  for (const odd of [NaN, Infinity, -1]) {
    assertThrows(() => compareBenchmarks([benchmark("x", [1, odd])], [benchmark("x", [1])]), RangeError, '"x"');
  }
  assertThrows(() => compareBenchmarks([benchmark("x", [1]), benchmark("x", [1])], []), RangeError, "twice");
});

Deno.test("compareBenchmarks() passes only if the difference is proven to be within the margin", () => {
  const steady = Array.from({ length: 10 }, (_, i) => 1 + i * 0.002);
  const wide = Array.from({ length: 10 }, (_, i) => 1 + i * 0.03);
  const judge = (base: readonly number[], current: readonly number[]) =>
    compareBenchmarks([benchmark("work", base)], [benchmark("work", current)]);
  assertEquals(judge(steady, steady).verdict, "pass");
  assertEquals(judge(steady, steady.map((value) => value * 1.03)).verdict, "pass");
  assertEquals(judge(steady, steady.map((value) => value * 1.1)).verdict, "fail");
  assertEquals(judge(wide, wide).verdict, "inconclusive");
  assertEquals(judge(steady, []).verdict, "fail");
});

Deno.test("compareBenchmarks() decides nothing if equal code differs by more than the margin", () => {
  const steady = Array.from({ length: 20 }, (_, i) => 1 + (i % 10) * 0.002);
  const loud = benchmark("work", steady, { again: steady.map((value, i) => value * (i % 2 ? 1.2 : 0.9)) });
  const { verdict, claims } = compareBenchmarks([loud], [benchmark("work", steady)]);
  assertEquals([verdict, claims[0]!.reason], [
    "inconclusive",
    "equal code differs too much: less than 5 % is required",
  ]);
});
