import { assertEquals } from "@std/assert";
import { type DerivedMetric, MetricWindow, readDerived } from "../../../lib/metrics/mod.ts";
import { DELAY, familyOf, lineAt, SENT, START, WAITING } from "../_metrics.ts";

const FAILURES: DerivedMetric = {
  name: "failure_rate",
  kind: "ratio",
  of: { name: "mail.sent", match: { result: "failed" } },
  over: { name: "mail.sent", match: { result: ["ok", "failed"] } },
};
const QUERY = { windowMs: 60_000, now: START + 10_000 };

/** A window with results by receiver. */
function windowOf(results: readonly (readonly [to: string, result: string, value: number])[]): MetricWindow {
  const window = new MetricWindow();
  const series = results.map(([to, result, value]) => ({ labels: { to, result }, value }));
  window.add(lineAt(10_000, [familyOf({ ...SENT, labels: ["to", "result"] }, series)]));
  return window;
}

Deno.test("readDerived() divides events by events and returns the number of samples", () => {
  const window = windowOf([["a", "ok", 6], ["a", "failed", 2], ["b", "ok", 8], ["b", "skipped", 100]]);
  assertEquals(readDerived(window, FAILURES, QUERY), [{ labels: {}, value: 0.125, samples: 16 }]);
  assertEquals(readDerived(window, FAILURES, { ...QUERY, by: ["to"] }), [
    { labels: { to: "a" }, value: 0.25, samples: 8 },
    { labels: { to: "b" }, value: 0, samples: 8 },
  ]);
});

Deno.test("readDerived() returns null for zero events, never NaN", () => {
  const none = [{ labels: {}, value: null, samples: 0 }];
  assertEquals(readDerived(new MetricWindow(), FAILURES, QUERY), none);
  assertEquals(readDerived(windowOf([["a", "skipped", 3]]), FAILURES, QUERY), none);
  assertEquals(readDerived(windowOf([["a", "ok", 3]]), FAILURES, { ...QUERY, now: START + 1e6 }), none);
  assertEquals(readDerived(new MetricWindow(), FAILURES, { ...QUERY, by: ["to"] }), []);
});

Deno.test("readDerived() returns a rate per second: 0 if a process counted no event, null without a process", () => {
  const rate: DerivedMetric = { name: "per_second", kind: "rate", of: { name: "mail.sent" } };
  assertEquals(readDerived(windowOf([["a", "ok", 30]]), rate, QUERY), [{ labels: {}, value: 0.5, samples: 30 }]);
  const idle = new MetricWindow();
  idle.add(lineAt(10_000, []));
  assertEquals(readDerived(idle, rate, QUERY), [{ labels: {}, value: 0, samples: 0 }]);
  assertEquals(readDerived(new MetricWindow(), rate, QUERY), [{ labels: {}, value: null, samples: 0 }]);
});

Deno.test("readDerived() combines a gauge's values of all processes", () => {
  const window = new MetricWindow();
  for (const [process, value] of [["p", 3], ["q", 5], ["r", 4]] as const) {
    window.add(lineAt(10_000, [familyOf(WAITING, [{ labels: {}, value }])], { process }));
  }
  const values = (["max", "min", "sum"] as const).map((aggregate) =>
    readDerived(window, { name: "x", kind: "gauge", of: { name: "mail.waiting" }, scale: 10, aggregate }, QUERY)
  );
  assertEquals(values, [50, 30, 120].map((value) => [{ labels: {}, value, samples: 3 }]));
});

Deno.test("readDerived() reads a quantile", () => {
  const window = new MetricWindow();
  window.add(lineAt(10_000, [familyOf(DELAY, [{ labels: {}, count: 10, sum: 90, buckets: [9, 1, 0, 0] }])]));
  const [reading] = readDerived(window, { name: "p95", kind: "quantile", of: { name: "mail.delay" }, q: 0.95 }, QUERY);
  assertEquals([reading!.value!.toFixed(6), reading!.samples], ["5.500000", 10]);
});
