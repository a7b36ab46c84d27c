import { assertEquals } from "@std/assert";
import type { Measured } from "../../../lib/judge/mod.ts";
import { openEvidence } from "../../../lib/base/mod.ts";
import { claimsOfBenchmark } from "../../../checks/phase/claims_of_benchmark.ts";
import { evidenceText, SHA } from "../../helpers/evidence/gate_evidence.ts";

function claims(ours: unknown, theirs: unknown, changes: Readonly<Record<string, unknown>> = {}): readonly Measured[] {
  const sides = { target: { name: "turbo", sha: SHA }, benchmarks: ours, baselineBenchmarks: theirs };
  const text = evidenceText({ ...sides, ...changes });
  return claimsOfBenchmark(openEvidence(text));
}

/** Runs of one session, as its report lists them. */
const TURNS = [{ side: "baseline", round: 1, startedMs: 0, seconds: 1 }];

const times = (seconds: number) => Array.from({ length: 10 }, (_, index) => seconds * (1 + index / 100));

Deno.test("claimsOfBenchmark() makes ratios of samples with their intervals, in both directions", () => {
  const [speedUp, slowdown] = claims([{ name: "mixed", samples: times(1) }], [{ name: "mixed", samples: times(2) }]);
  assertEquals([speedUp!.id, slowdown!.id, speedUp!.trials], ["speed_up:turbo:mixed", "slowdown:mixed", 10]);
  assertEquals([speedUp!.low! > 1.9, speedUp!.high! < 2.1, speedUp!.confidence! >= 0.95], [true, true, true]);
  assertEquals(Math.abs(slowdown!.high! - 1 / speedUp!.low!) < 1e-12, true);
});

Deno.test("claimsOfBenchmark() proves nothing from two sessions that were joined to one report", () => {
  const side = [{ name: "a", samples: times(1) }];
  const changes = { schema: "civitai-dl/benchmark-compare", baseline: { name: "main", sha: "b".repeat(40) } };
  const note = "its sides did not take turns in one session";
  for (const order of [[], undefined]) {
    assertEquals(claims(side, side, { ...changes, order }).map((one) => [one.trials, one.note]), [[0, note], [
      0,
      note,
    ]]);
  }
});

Deno.test("claimsOfBenchmark() hands on the samples, and how much runs of equal code differ", () => {
  const again = times(1).map((seconds) => seconds * 1.2);
  const [, noisy] = claims([{ name: "a", samples: times(1) }], [{ name: "a", samples: times(1), again }]);
  const [, quiet] = claims([{ name: "a", samples: times(1) }], [{ name: "a", samples: times(1) }]);
  const loud = noisy!.samples!;
  const still = quiet!.samples!;
  assertEquals([loud.values, loud.base, loud.floor! > 0.19, still.floor! < 0.05], [
    times(1),
    times(1),
    true,
    true,
  ]);
  const [, unknown] = claims([{ name: "a", samples: [1, 1] }], [{ name: "a", samples: [1, 1], again: ["x"] }]);
  assertEquals(unknown!.samples!.floor, null);
});

Deno.test("claimsOfBenchmark() compares exact numbers exactly", () => {
  const side = (count: number) => [{ name: "requests", isExact: true, samples: [count] }];
  const [, slowdown] = claims(side(11), side(10));
  assertEquals([slowdown!.kind, slowdown!.estimate], ["amount", 1.1]);
});

Deno.test.each([
  [[100, 100], [102, 102], 1.02, "the count grew: 100 became 102"],
  [[100, 101], [102, 103], undefined, "the count grew: 100 to 101 became 102 to 103"],
  [[0], [3], undefined, "the count grew: 0 became 3"],
  [[100], [100], 1, undefined],
  [[100], [90], 0.9, undefined],
  [[0], [0], 1, undefined],
])(
  "claimsOfBenchmark() fails the slowdown of a count that grew at all: %j to %j",
  (base, target, ratio, why) => {
    const side = (samples: unknown) => [{ name: "requests", isExact: true, samples }];
    const [speedUp, slowdown] = claims(side(target), side(base));
    assertEquals([slowdown!.estimate, slowdown!.failure, speedUp!.failure], [ratio, why, undefined]);
  },
);

Deno.test("claimsOfBenchmark() proves nothing from another number of files, whether more or fewer", () => {
  const side = (count: number) => [{ name: "files", unit: "files", isExact: true, samples: [count, count] }];
  for (const [ours, theirs] of [[29, 30], [31, 30]]) {
    const made = claims(side(ours!), side(theirs!));
    assertEquals(made.map(({ trials, note }) => [trials, note!.split(":")[0]]), [
      ...[[0, "the number of files differs"], [0, "the number of files differs"]],
    ]);
  }
  const [, slowdown] = claims(side(30), side(30));
  assertEquals(slowdown!.estimate, 1);
});

Deno.test("claimsOfBenchmark() proves nothing from a count that varies", () => {
  const side = (...samples: number[]) => [{ name: "requests", isExact: true, samples }];
  for (const [ours, theirs] of [[side(99, 102), side(100)], [side(100), side(100, 105)]]) {
    const made = claims(ours, theirs);
    assertEquals(made.map(({ trials, note }) => [trials, note!.split(":")[0]]), [
      ...[[0, "the count varies"], [0, "the count varies"]],
    ]);
  }
});

Deno.test("claimsOfBenchmark() fails a target that failed after successful rounds, even a new one", () => {
  const good = { name: "a", samples: times(1) };
  const bad = { name: "a", samples: times(1), problem: "exit code 1" };
  for (const theirs of [[good], [{ ...good, problem: "exit code 2" }], []]) {
    const [speedUp, slowdown] = claims([bad], theirs);
    assertEquals([slowdown!.trials, slowdown!.failure], [0, "in the candidate: exit code 1"]);
    assertEquals([speedUp!.trials, speedUp!.failure], [0, "in the candidate: exit code 1"]);
  }
});

Deno.test("claimsOfBenchmark() proves nothing against a failed baseline or different work", () => {
  const one = { name: "a", unit: "seconds", samples: times(1) };
  for (
    const [change, note] of [
      [{ problem: "exit code 1" }, "in the baseline: exit code 1"],
      [{ samples: [1, "x"] }, "in the baseline: a sample is no amount"],
      [{ samples: [] }, "the baseline has no samples"],
      [{ unit: "bytes" }, "their units differ"],
      [{ isExact: true }, "their units differ"],
    ] as const
  ) {
    assertEquals(claims([one], [{ ...one, ...change }]).map((made) => [made.trials, made.note]), [[0, note], [
      0,
      note,
    ]]);
  }
});

Deno.test("claimsOfBenchmark() fails a benchmark that the target lacks, and claims nothing about a new one", () => {
  const a = { name: "a", samples: times(1) };
  const b = { name: "b", samples: times(1) };
  const made = claims([b], [a]);
  assertEquals(made.map(({ id, failure }) => [id, failure]), [
    ...["speed_up:turbo:a", "slowdown:a"].map((id) => [id, "the candidate does not have it"]),
  ]);
});

Deno.test.each([
  ["is gone", [], [{ name: "a", samples: [1] }]],
  ["has no samples", [{ name: "a", samples: [] }], [{ name: "a", samples: [1] }]],
  ["has samples that are too far apart for a ratio", [{ name: "a", samples: [1e308] }], [{
    name: "a",
    samples: [1e-308],
  }]],
  ["took no time", [{ name: "a", samples: [0] }], [{ name: "a", samples: [1] }]],
])("claimsOfBenchmark() has no basis where a benchmark %s", (_, ours, theirs) => {
  assertEquals(claims(ours, theirs).map((one) => one.trials), [0, 0]);
});

Deno.test.each([
  [{ reservation: "the work is scaled by 0.05" }, "the work is scaled by 0.05"],
  [
    { target: { name: "old", sha: "b".repeat(40) } },
    "its target is commit bbbbbbbbb, and not the one that was checked out",
  ],
])("claimsOfBenchmark() proves nothing with %j", (changes, note) => {
  const side = [{ name: "a", samples: times(1) }];
  assertEquals(claims(side, side, changes).map((one) => [one.trials, one.note]), [[0, note], [0, note]]);
});

Deno.test("claimsOfBenchmark() proves nothing for a commit against itself, except for a phase against phase 1", () => {
  const side = [{ name: "a", samples: times(1) }];
  const itself = { baseline: { name: "main", sha: SHA }, target: { name: "HEAD", sha: SHA }, order: TURNS };
  const note = "baseline and target are the same commit";
  const made = claims(side, side, { schema: "civitai-dl/benchmark-compare", ...itself });
  assertEquals(made.map((one) => [one.trials, one.note]), [[0, note], [0, note]]);
  const phase = claims(side, side, { schema: "civitai-dl/benchmark-phase", ...itself });
  assertEquals(phase.map((one) => [one.trials, one.note]), [[10, undefined], [10, undefined]]);
  const other = { ...itself, baseline: { name: "main", sha: "b".repeat(40) }, order: TURNS };
  assertEquals(claims(side, side, { schema: "civitai-dl/benchmark-compare", ...other })[0]!.trials, 10);
});

Deno.test.each([undefined, null, "x", [null], [{ name: 1, samples: "x" }]])(
  "claimsOfBenchmark() claims nothing about %j",
  (side) => {
    assertEquals(claims(side, side), []);
  },
);

Deno.test("claimsOfBenchmark() proves nothing from a subset of the benchmarks", () => {
  const side = [{ name: "fetch", samples: times(1) }, { name: "hash", samples: times(1) }];
  const baseline = { name: "v1", sha: "0".repeat(40) };
  const changes = { schema: "civitai-dl/benchmark-compare", baseline, order: TURNS };
  assertEquals(claims(side, side, { ...changes, only: [] }).every(({ trials }) => trials === 10), true);
  const part = claims(side, side, { ...changes, only: ["fetch", "ha"] });
  assertEquals(part.map(({ trials, note }) => [trials, note]), [
    ...Array.from({ length: 4 }, () => [0, "only benchmarks with fetch or ha were compared"]),
  ]);
});

Deno.test("claimsOfBenchmark() compares a phase with the phase before, where both were measured", () => {
  const previous = { name: "phase 3", benchmarks: [{ name: "capped: time", samples: times(3) }] };
  const sides = [[{ name: "capped: time", samples: times(1) }], [{ name: "capped: time", samples: times(6) }]] as const;
  const find = (changes: Readonly<Record<string, unknown>>) =>
    claims(...sides, { previous, ...changes }).find(({ id }) => id === "speed_up:turbo over phase 3:capped: time")!;
  const { low, high, trials } = find({});
  assertEquals([low! > 2.8, high! < 3.2, trials], [true, true, 10]);
  assertEquals(find({ reservation: "the work is scaled" }).trials, 0);
  assertEquals(find({ benchmarks: [] }).failure, "the candidate does not have it");
  assertEquals(claims(...sides).map(({ id }) => id), ["speed_up:turbo:capped: time", "slowdown:capped: time"]);
});
