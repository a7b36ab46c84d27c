import { assert, assertEquals, assertThrows } from "@std/assert";
import { LatencyHistogram } from "../../lib/soak/mod.ts";

Deno.test("LatencyHistogram gives quantiles within 5 %, and never more than the greatest value", () => {
  const histogram = new LatencyHistogram();
  for (let ms = 1; ms <= 10_000; ms++) histogram.record(ms);
  for (const share of [0.5, 0.95, 0.99]) {
    const found = histogram.quantile(share)!;
    assert(Math.abs(found / (share * 10_000) - 1) < 0.05, `${share}: ${found}`);
  }
  assertEquals([histogram.quantile(1), histogram.maxMs, histogram.count], [10_000, 10_000, 10_000]);
});

Deno.test("LatencyHistogram goes on from its state", () => {
  const first = new LatencyHistogram();
  for (const ms of [0, 3, 70, 200_000_000]) first.record(ms);
  const second = new LatencyHistogram(JSON.parse(JSON.stringify(first.state)));
  assertEquals([second.state, second.count], [first.state, 4]);
  assertEquals(new LatencyHistogram().quantile(0.5), null);
  assertThrows(() => second.record(NaN), RangeError);
  assertThrows(() => second.record(-1), RangeError);
});
