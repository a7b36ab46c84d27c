import { assertEquals } from "@std/assert";
import { judgeDifference } from "../../../lib/bench/mod.ts";

Deno.test("judgeDifference() returns same only if the interval is narrow and within the margin", () => {
  const judge = (low: number, value: number, high: number) =>
    judgeDifference({ ratio: { value, low, high, confidence: 0.95, n: 20 }, adjustedP: 0.5, floor: 0.01 });
  assertEquals(judge(0.97, 1, 1.03), "same");
  assertEquals(judge(0.99, 1.02, 1.06), "same");
  assertEquals(judge(0.94, 1, 1.06), "inconclusive");
  // The interval is narrow and includes 1, but the measured ratio is a tenth slower or faster.
  assertEquals(judge(0.999, 1.09, 1.1), "inconclusive");
  assertEquals(judge(1 / 1.1, 1 / 1.09, 1 / 0.999), "inconclusive");
});
