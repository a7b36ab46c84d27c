import { assertEquals, assertThrows } from "@std/assert";
import { BYTES_BOUNDS, metricBounds, MetricRegistry, SECONDS_BOUNDS } from "../../lib/metrics/mod.ts";
import { DELAY, SENT, WAITING } from "./_metrics.ts";

for (const value of [NaN, -1, Infinity, -Infinity]) {
  Deno.test(`Counter and Histogram refuse ${value} and stay unchanged`, () => {
    const registry = new MetricRegistry();
    const sent = registry.counter(SENT);
    const delay = registry.histogram(DELAY);
    assertThrows(() => sent.add(value), RangeError, "mail.sent");
    assertThrows(() => delay.record(value), RangeError, "mail.delay");
    assertEquals([sent.series(), delay.series()], [[], []]);
  });
}

Deno.test("Gauge accepts any finite number and refuses others", () => {
  const waiting = new MetricRegistry().gauge(WAITING);
  waiting.set(5);
  waiting.set(-5);
  for (const value of [NaN, Infinity]) assertThrows(() => waiting.set(value), RangeError, "mail.waiting");
  assertEquals(waiting.series(), [{ labels: {}, value: -5 }]);
});

Deno.test("Histogram counts a value on a bound in the bucket below", () => {
  const delay = new MetricRegistry().histogram(DELAY);
  for (const value of [0, 1, 1.0001, 10, 100, 100.5, 1e9]) delay.record(value);
  assertEquals(delay.series()[0]?.buckets, [2, 2, 1, 2]);
  assertEquals(delay.series()[0]?.count, 7);
});

Deno.test("mirror() reports each value with the labels of its series until it is disposed", () => {
  const registry = new MetricRegistry();
  const sent = registry.counter(SENT);
  const waiting = registry.gauge(WAITING);
  const delay = registry.histogram(DELAY);
  const seen: unknown[] = [];
  const mirrors = [sent, waiting, delay].map((one) => one.mirror((value, labels) => seen.push([value, labels])));
  sent.add(3, { to: "a\tb" });
  sent.add(4, { to: "you" });
  waiting.set(-1);
  delay.record(5);
  assertEquals(seen, [[3, { to: "a b" }], [4, { to: "you" }], [-1, {}], [5, {}]]);
  for (const mirror of mirrors) mirror[Symbol.dispose]();
  for (const record of [() => sent.add(1), () => waiting.set(1), () => delay.record(1)]) record();
  assertEquals(seen.length, 4);
});

Deno.test("metricBounds() returns bounds for the unit, or the metric's own", () => {
  assertEquals(metricBounds({ unit: "s" }), SECONDS_BOUNDS);
  assertEquals(metricBounds({ unit: "By" }), BYTES_BOUNDS);
  assertEquals(metricBounds({ unit: "s", bounds: [1] }), [1]);
  for (const unit of ["s", "By", "1"]) {
    const bounds = metricBounds({ unit });
    assertEquals(bounds.toSorted((a, b) => a - b), bounds);
    assertEquals(new Set(bounds).size, bounds.length);
  }
});
