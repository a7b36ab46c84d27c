import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { type MetricDefinition, MetricRegistry } from "../../../lib/metrics/mod.ts";
import { DELAY, SENT, WAITING } from "../_metrics.ts";

Deno.test("MetricRegistry.snapshot() is plain JSON of all instruments", () => {
  const registry = new MetricRegistry();
  registry.counter(SENT).add(2, { to: "you" });
  registry.gauge(WAITING).set(-1.5);
  registry.histogram(DELAY).record(10);
  const snapshot = registry.snapshot();
  assertEquals(JSON.parse(JSON.stringify(snapshot)), {
    families: [
      { ...SENT, series: [{ labels: { to: "you" }, value: 2 }] },
      { ...WAITING, series: [{ labels: {}, value: -1.5 }] },
      { ...DELAY, series: [{ labels: {}, count: 1, sum: 10, buckets: [0, 1, 0, 0] }] },
    ],
  });
});

Deno.test("MetricRegistry.snapshot() does not change with later records", () => {
  const registry = new MetricRegistry();
  const sent = registry.counter(SENT);
  const delay = registry.histogram(DELAY);
  sent.add(1);
  delay.record(1);
  const before = registry.snapshot();
  const text = JSON.stringify(before);
  sent.add(1);
  delay.record(1);
  assertEquals(JSON.stringify(before), text);
});

Deno.test("MetricRegistry.define() returns the same instrument for the same definition, and refuses another", () => {
  const registry = new MetricRegistry();
  assertStrictEquals(registry.counter(SENT), registry.counter({ ...SENT, help: "Said otherwise" }));
  assertThrows(() => registry.define({ ...SENT, unit: "By" }), TypeError, "already defined differently");
  assertThrows(() => registry.gauge(SENT), TypeError, "as gauge");
});

const UNSOUND: Readonly<Record<string, MetricDefinition>> = {
  "upper case": { ...SENT, name: "Mail.Sent" },
  "no word": { ...SENT, name: "" },
  "a unit with a break": { ...SENT, unit: "s\n" },
  "a taken label": { ...SENT, labels: ["le"] },
  "a label twice": { ...SENT, labels: ["to", "to"] },
  "a label with a dash": { ...SENT, labels: ["to-whom"] },
  "bounds of a counter": { ...SENT, bounds: [1] },
  "falling bounds": { ...DELAY, bounds: [2, 1] },
  "an infinite bound": { ...DELAY, bounds: [1, Infinity] },
  "no bounds": { ...DELAY, bounds: [] },
  "too many bounds": { ...DELAY, bounds: Array.from({ length: 65 }, (_, index) => index) },
};

for (const [what, definition] of Object.entries(UNSOUND)) {
  Deno.test(`MetricRegistry.define() refuses ${what}`, () => {
    assertThrows(() => new MetricRegistry().define(definition), TypeError, "Cannot define metric");
  });
}

Deno.test("MetricRegistry merges label sets over its limit into one series", () => {
  const registry = new MetricRegistry();
  const sent = registry.counter(SENT);
  for (let index = 0; index < 1000; index++) sent.add(1, { to: `person ${index}` });
  sent.add(1, { to: "person 0" });
  const series = sent.series();
  assertEquals([series.length, series[0], series[255]?.labels, series[256]], [
    257,
    { labels: { to: "person 0" }, value: 2 },
    { to: "person 255" },
    { labels: { overflow: "true" }, value: 744 },
  ]);
});

Deno.test("MetricRegistry.watch() reports old and new instruments until it is disposed", () => {
  const registry = new MetricRegistry();
  registry.define(SENT);
  const seen: string[] = [];
  const watch = registry.watch(({ definition }) => seen.push(definition.name));
  registry.define(DELAY);
  watch[Symbol.dispose]();
  registry.define(WAITING);
  assertEquals(seen, ["mail.sent", "mail.delay"]);
});

Deno.test("MetricRegistry cleans label values: no control characters, bounded, well-formed", () => {
  const sent = new MetricRegistry().counter(SENT);
  sent.add(1, { to: "a\u0000b\nc" });
  sent.add(1, { to: "a b c" });
  sent.add(1, { to: "x".repeat(100_000) });
  sent.add(1, { to: "half \ud83d" });
  assertEquals(sent.series(), [
    { labels: { to: "a b c" }, value: 2 },
    { labels: { to: "x".repeat(128) }, value: 1 },
    { labels: { to: "half \ufffd" }, value: 1 },
  ]);
});

Deno.test("MetricRegistry separates labels whose joined values are equal, and refuses unknown ones", () => {
  const moved = new MetricRegistry().counter({ ...SENT, labels: ["from", "to"] });
  moved.add(1, { from: "a", to: "1:bc" });
  moved.add(1, { from: "a1:b", to: "c" });
  moved.add(1, { to: "c" });
  assertEquals(moved.series().length, 3);
  assertEquals(moved.series()[2]?.labels, { from: "", to: "c" });
  assertThrows(() => moved.add(1, { form: "a" }), TypeError, 'no label "form"');
});
