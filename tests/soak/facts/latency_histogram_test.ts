import { assert, assertEquals, assertThrows } from "@std/assert";
import { LatencyHistogram } from "../../../lib/soak/facts/latency_histogram.ts";

Deno.test("LatencyHistogram returns quantiles within 5 %, and never above the maximum", () => {
  const histogram = new LatencyHistogram();
  for (let ms = 1; ms <= 10_000; ms++) histogram.record(ms);
  for (const share of [0.5, 0.95, 0.99]) {
    const found = histogram.quantile(share)!;
    assert(Math.abs(found / (share * 10_000) - 1) < 0.05, `${share}: ${found}`);
  }
  assertEquals([histogram.quantile(1), histogram.maxMs, histogram.count], [10_000, 10_000, 10_000]);
});

Deno.test("LatencyHistogram is restored from its state", () => {
  const first = new LatencyHistogram();
  for (const ms of [0, 3, 70, 200_000_000]) first.record(ms);
  const second = new LatencyHistogram(JSON.parse(JSON.stringify(first.state)));
  assertEquals([second.state, second.count], [first.state, 4]);
  assertEquals(new LatencyHistogram().quantile(0.5), null);
  assertThrows(() => second.record(NaN), RangeError);
  assertThrows(() => second.record(-1), RangeError);
});

Deno.test("LatencyHistogram covers more than a week within 5 %, and reads a shorter one", () => {
  const HOUR = 3_600_000;
  for (const hours of [20, 72, 24 * 7, 24 * 30]) {
    const histogram = new LatencyHistogram({ buckets: [[3, 1]], maxMs: 2 });
    for (let count = 0; count < 99; count++) histogram.record(hours * HOUR);
    histogram.record(24 * 40 * HOUR);
    assert(Math.abs(histogram.quantile(0.5)! / (hours * HOUR) - 1) < 0.05, `${hours} h: ${histogram.quantile(0.5)}`);
  }
  // Values beyond its range stay beyond it.
  const old = new LatencyHistogram({ buckets: [[376, 10]], maxMs: 100 * HOUR });
  assertEquals([old.count, old.quantile(0.5)! > 24 * HOUR], [10, true]);
});
