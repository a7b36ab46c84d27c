import { assertEquals } from "@std/assert";
import { samplesToDecide } from "../../../lib/stats/mod.ts";

Deno.test("samplesToDecide() takes the end of the interval that lies towards the limit", () => {
  // Half as wide needs four times as many.
  assertEquals(samplesToDecide(10, { value: 1, low: 0.9, high: 1.2, limit: 1.1 }), 40);
  assertEquals(samplesToDecide(16, { value: 1.5, low: 1.1, high: 1.6, limit: 1.25 }), 41);
});

Deno.test("samplesToDecide() asks for one more at least, and for none if no number would do", () => {
  assertEquals(samplesToDecide(10, { value: 1, low: 0.9, high: 1.1, limit: 1.1 }), 11);
  assertEquals(samplesToDecide(10, { value: 1.1, low: 0.9, high: 1.3, limit: 1.1 }), null);
  assertEquals(samplesToDecide(10, { value: 1, low: 0.8, high: 1.2, limit: 1.005 }), null);
});
