import { assertEquals } from "@std/assert";
import { judgeDifference } from "../../../lib/bench/mod.ts";

Deno.test("judgeDifference() returns same only if the whole interval is within the margin", () => {
  const judge = (low: number, value: number, high: number) =>
    judgeDifference({ ratio: { value, low, high, confidence: 0.95, n: 20 }, adjustedP: 0.5, floor: 0.01 });
  assertEquals(judge(0.97, 1, 1.03), "same");
  assertEquals(judge(0.99, 1.02, 1.05), "same");
  assertEquals(judge(1 / 1.05, 0.98, 1.01), "same");
  // Narrow, and on one side of 1 or not: it may still be more than the margin.
  assertEquals(judge(0.99, 1.02, 1.0501), "inconclusive");
  assertEquals(judge(1.01, 1.04, 1.07), "inconclusive");
  assertEquals(judge(0.952, 0.98, 1.01), "inconclusive");
  assertEquals(judge(0.94, 1, 1.06), "inconclusive");
  // The interval is narrow and includes 1, but the measured ratio is a tenth slower or faster.
  assertEquals(judge(0.999, 1.09, 1.1), "inconclusive");
  assertEquals(judge(1 / 1.1, 1 / 1.09, 1 / 0.999), "inconclusive");
});
