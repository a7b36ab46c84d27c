import { assert, assertEquals, assertThrows } from "@std/assert";
import { bucketQuantile, MetricWindow } from "../../../lib/metrics/mod.ts";
import { DELAY, familyOf, increaseOf, lineAt, SENT, sentAt, START, WAITING } from "../_metrics.ts";

/** The given milliseconds after the start. */
const at = (ms: number): number => START + ms;

Deno.test("MetricWindow.increase() sums the lines of all processes that end within the window", () => {
  const window = new MetricWindow();
  window.add(sentAt(10_000, 1));
  window.add(sentAt(20_000, 2, { process: "2-1" }));
  window.add(sentAt(30_000, 4));
  assertEquals(increaseOf(window, "mail.sent", { windowMs: 60_000, now: at(30_000) }), 7);
  assertEquals(increaseOf(window, "mail.sent", { windowMs: 20_000, now: at(30_000) }), 6);
  assertEquals(increaseOf(window, "mail.sent", { windowMs: 10_000, now: at(30_000) }), 4);
  assertEquals(increaseOf(window, "mail.sent", { windowMs: 60_000, now: at(15_000) }), 1);
  assertEquals(increaseOf(window, "mail.unknown", { windowMs: 60_000, now: at(30_000) }), 0);
});

Deno.test("MetricWindow.increase() keeps what happened until now when another process is ahead by less than a second", () => {
  const window = new MetricWindow();
  window.add(sentAt(10_100, 3));
  window.add(sentAt(10_501, 4, { process: "2-1" }));
  assertEquals(increaseOf(window, "mail.sent", { windowMs: 60_000, now: at(10_500) }), 7);
  assertEquals(increaseOf(window, "mail.sent", { windowMs: 60_000, now: at(10_050) }), 0);
});

Deno.test("MetricWindow.add() accepts a line once, in any order, unless it is too old", () => {
  const window = new MetricWindow({ horizonMs: 60_000 });
  assertEquals([sentAt(50_000, 1), sentAt(20_000, 2), sentAt(50_000, 1)].map((line) => window.add(line)), [
    true,
    true,
    false,
  ]);
  assert(window.add(sentAt(50_000, 8, { process: "2-1" })));
  assertEquals(increaseOf(window, "mail.sent", { windowMs: 60_000, now: at(50_000) }), 11);
  assert(!window.add(sentAt(-20_000, 16)));
  assert(window.add(sentAt(200_000, 32)));
  assert(!window.add(sentAt(50_000, 1)));
  assertEquals(increaseOf(window, "mail.sent", { windowMs: 1e9, now: at(200_000) }), 32);
});

Deno.test("MetricWindow.increases() groups and filters by labels", () => {
  const window = new MetricWindow();
  window.add(lineAt(1000, [familyOf(SENT, [
    { labels: { to: "a", by: "x" }, value: 1 },
    { labels: { to: "b", by: "x" }, value: 2 },
    { labels: { to: "b", by: "y" }, value: 4 },
    { labels: { overflow: "true" }, value: 8 },
  ])]));
  const query = { windowMs: 60_000, now: at(1000) };
  const split = window.increasesBy("mail.sent", { ...query, by: ["to"] });
  assertEquals(split.map(({ labels, increase }) => [labels.to, increase]), [["a", 1], ["b", 6], ["", 8]]);
  assertEquals(increaseOf(window, "mail.sent", { ...query, match: { to: "b", by: "y" } }), 4);
  assertEquals(increaseOf(window, "mail.sent", { ...query, match: { to: ["a", "b"] } }), 7);
});

Deno.test("MetricWindow.latest() returns a gauge's newest value of each active process", () => {
  const window = new MetricWindow();
  const waiting = (value: number) => [familyOf(WAITING, [{ labels: {}, value }])];
  window.add(lineAt(20_000, waiting(2), { process: "a" }));
  window.add(lineAt(10_000, waiting(1), { process: "a" }));
  window.add(lineAt(20_000, waiting(3), { process: "b" }));
  window.add(lineAt(25_000, waiting(3), { process: "b", end: true }));
  window.add(lineAt(1000, waiting(4), { process: "c" }));
  const latest = window.latest("mail.waiting", { now: at(70_000) });
  assertEquals(latest, [{ labels: {}, value: 2, process: "a", time: at(20_000) }]);
  assertEquals(window.aliveProcesses({ now: at(70_000) }), ["a"]);
  assertEquals(window.latest("mail.waiting", { now: at(70_000), staleMs: 70_000 }).length, 2);
  window.setGauge(WAITING, [{ labels: {}, value: 9 }], at(70_000));
  assertEquals(window.latest("mail.waiting", { now: at(70_000) }).map(({ value }) => value), [9, 2]);
  assertEquals(window.aliveProcesses({ now: at(70_000) }), ["a"]);
});

Deno.test("bucketQuantile() interpolates, stays within the bounds and refuses invalid quantiles", () => {
  assertEquals([0.5, 0.75].map((share) => bucketQuantile([1, 10, 100], [2, 2, 0, 0], share)), [1, 5.5]);
  assertEquals(bucketQuantile([1, 2], [0, 0, 5], 0.5), 2);
  assertEquals(bucketQuantile([1, 2], [5, 0, 0], 0), 0);
  assertEquals(bucketQuantile([1, 2], [0, 4, 0], 1), 2);
  assertEquals(bucketQuantile([1, 2], [], 0.5), null);
  for (const share of [-0.1, 1.1, NaN]) assertThrows(() => bucketQuantile([1], [1, 0], share), RangeError);
});

Deno.test("MetricWindow ignores a histogram with other buckets", () => {
  const window = new MetricWindow();
  const query = { windowMs: 60_000, now: at(2000) };
  window.add(lineAt(1000, [familyOf(DELAY, [{ labels: {}, count: 1, sum: 1, buckets: [1, 0, 0, 0] }])]));
  const other = { ...DELAY, bounds: [5] };
  window.add(lineAt(2000, [familyOf(other, [{ labels: {}, count: 9, sum: 9, buckets: [0, 9] }])]));
  assertEquals(window.increasesBy("mail.delay", { ...query, by: [] }).map(({ count }) => count), [1]);
});

Deno.test("MetricWindow is bounded in time: three days of lines need little memory", () => {
  const window = new MetricWindow({ horizonMs: 3 * 86_400_000 });
  const every = 30_000;
  const count = 4 * 86_400_000 / every;
  for (let index = 0; index < count; index++) {
    window.add(lineAt(index * every, [familyOf(SENT, [{ labels: { to: `${index % 5}` }, value: 1 }])]));
  }
  const now = at((count - 1) * every);
  const query = { windowMs: 3 * 86_400_000, now };
  // A minute of the oldest may be counted with the next.
  assert(Math.abs(increaseOf(window, "mail.sent", query) - 3 * 86_400_000 / every) <= 3);
  assertEquals(increaseOf(window, "mail.sent", { windowMs: 300_000, now }), 10);
});

Deno.test("MetricWindow.families() sums over processes and separates their gauges", () => {
  const window = new MetricWindow();
  const waiting = familyOf(WAITING, [{ labels: {}, value: 1 }]);
  const delay = familyOf(DELAY, [{ labels: {}, count: 1, sum: 5, buckets: [0, 1, 0, 0] }]);
  window.add(lineAt(1000, [familyOf(SENT, [{ labels: { to: "you" }, value: 1 }]), waiting, delay], { process: "a" }));
  window.add(lineAt(1000, [familyOf(SENT, [{ labels: { to: "you" }, value: 2 }]), waiting], { process: "b" }));
  const families = window.families({ windowMs: 5000, now: at(1000) });
  assertEquals(families.map(({ name, series }) => [name, series]), [
    ["mail.sent", [{ labels: { to: "you" }, value: 3 }]],
    ["mail.delay", [{ labels: {}, count: 1, sum: 5, buckets: [0, 1, 0, 0] }]],
    ["mail.waiting", [{ labels: { process: "a" }, value: 1 }, { labels: { process: "b" }, value: 1 }]],
  ]);
  const later = window.families({ windowMs: 5000, now: at(20_000) });
  assertEquals(later[1]?.series, [{ labels: {}, count: 0, sum: 0, buckets: [0, 0, 0, 0] }]);
});

Deno.test("MetricWindow refuses an invalid horizon", () => {
  for (const horizonMs of [0, -1, NaN]) assertThrows(() => new MetricWindow({ horizonMs }), RangeError);
});
