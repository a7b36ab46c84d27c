import { assertEquals } from "@std/assert";
import { judgeDifference } from "../../lib/bench/mod.ts";

Deno.test("judgeDifference() calls only that the same whose interval reaches beyond the margin on neither side", () => {
  const judge = (low: number, value: number, high: number) =>
    judgeDifference({ ratio: { value, low, high, confidence: 0.95, n: 20 }, adjustedP: 0.5, floor: 0.01 });
  assertEquals(judge(0.97, 1, 1.03), "same");
  assertEquals(judge(0.96, 1, 1.05), "same");
  // As far as this it could be a tenth slower.
  assertEquals(judge(0.999, 1.09, 1.1), "inconclusive");
  assertEquals(judge(0.99, 1.01, 1.06), "inconclusive");
  assertEquals(judge(0.94, 0.99, 1.01), "inconclusive");
  assertEquals(judge(1 / 1.1, 1 / 1.09, 1 / 0.999), "inconclusive");
});
