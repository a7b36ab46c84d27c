import { assertEquals } from "@std/assert";
import { openEvidence } from "../../lib/base/mod.ts";
import { claimsOfBenchmark } from "../../scripts/_gate/claims_of_benchmark.ts";
import { evidenceText, SHA } from "../gate/_evidence.ts";

interface Made {
  readonly id: string;
  readonly trials: number;
  readonly low?: number;
  readonly high?: number;
  readonly confidence?: number;
  readonly note?: string;
}

function claims(ours: unknown, theirs: unknown, changes: Readonly<Record<string, unknown>> = {}): readonly Made[] {
  const sides = { target: { name: "turbo", sha: SHA }, benchmarks: ours, baselineBenchmarks: theirs };
  const text = evidenceText({ ...sides, ...changes });
  return claimsOfBenchmark(openEvidence(text)) as readonly Made[];
}

const times = (seconds: number) => Array.from({ length: 10 }, (_, index) => seconds * (1 + index / 100));

Deno.test("claimsOfBenchmark() makes ratios of samples, with their intervals, both ways", () => {
  const [speedUp, slowdown] = claims([{ name: "mixed", samples: times(1) }], [{ name: "mixed", samples: times(2) }]);
  assertEquals([speedUp!.id, slowdown!.id, speedUp!.trials], ["speed_up:turbo:mixed", "slowdown:mixed", 10]);
  assertEquals([speedUp!.low! > 1.9, speedUp!.high! < 2.1, speedUp!.confidence! >= 0.95], [true, true, true]);
  assertEquals(Math.abs(slowdown!.high! - 1 / speedUp!.low!) < 1e-12, true);
});

Deno.test("claimsOfBenchmark() compares exact numbers exactly", () => {
  const side = (count: number) => [{ name: "requests", isExact: true, samples: [count] }];
  const [, slowdown] = claims(side(11), side(10));
  assertEquals([slowdown!.low, slowdown!.high], [1.1, 1.1]);
});

Deno.test.each([
  ["is gone", [], [{ name: "a", samples: [1] }]],
  ["has no samples", [{ name: "a", samples: [] }], [{ name: "a", samples: [1] }]],
  ["took no time", [{ name: "a", samples: [0] }], [{ name: "a", samples: [1] }]],
])("claimsOfBenchmark() rests on nothing where a benchmark %s", (_, ours, theirs) => {
  assertEquals(claims(ours, theirs).map((one) => one.trials), [0, 0]);
});

Deno.test.each([
  [{ reservation: "the work is scaled by 0.05" }, "the work is scaled by 0.05"],
  [
    { target: { name: "old", sha: "b".repeat(40) } },
    "its target is commit bbbbbbbbb, and not the one that was checked out",
  ],
])("claimsOfBenchmark() proves nothing by %j", (changes, note) => {
  const side = [{ name: "a", samples: times(1) }];
  assertEquals(claims(side, side, changes).map((one) => [one.trials, one.note]), [[0, note], [0, note]]);
});

Deno.test.each([undefined, null, "x", [null], [{ name: 1, samples: "x" }]])(
  "claimsOfBenchmark() claims nothing of %j",
  (side) => {
    assertEquals(claims(side, side), []);
  },
);
