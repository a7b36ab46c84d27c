import { assertEquals } from "@std/assert";
import { parseMetricLine } from "../../../lib/metrics/mod.ts";
import { DELAY, familyOf, lineAt, SENT, sentAt, WAITING } from "../_metrics.ts";

const WHOLE = lineAt(0, [
  familyOf({ name: SENT.name, kind: "counter", unit: "{mail}", help: "" }, [{ labels: { to: "you" }, value: 2 }]),
  familyOf({ name: WAITING.name, kind: "gauge", unit: "{mail}", help: "" }, [{ labels: {}, value: -2 }]),
  familyOf(DELAY, [{ labels: {}, count: 1, sum: 3, buckets: [0, 1, 0, 0] }]),
]);

Deno.test("parseMetricLine() restores what a journal writes", () => {
  assertEquals(parseMetricLine(JSON.stringify(WHOLE)), WHOLE);
});

Deno.test("parseMetricLine() distinguishes a newer version from a broken line", () => {
  assertEquals(parseMetricLine('{"schema":"civitai-dl/metrics","version":2,"families":"new"}'), "newer");
  assertEquals(parseMetricLine('{"schema":"civitai-dl/event","version":2}'), "broken");
});

const SERIES = { labels: { to: "you" }, value: 1 };
const BROKEN: Readonly<Record<string, unknown>> = {
  "no object": [1],
  "nothing": null,
  "no schema": { ...sentAt(0, 1), schema: undefined },
  "version 0": { ...sentAt(0, 1), version: 0 },
  "no time": { ...sentAt(0, 1), time: "soon" },
  "a process that is no text": { ...sentAt(0, 1), process: 1 },
  "a negative span": { ...sentAt(0, 1), spanMs: -1 },
  "an end that is no boolean": { ...sentAt(0, 1), end: "no" },
  "families that are no list": { ...sentAt(0, 1), families: {} },
  "a family without a kind": lineAt(0, [{ ...familyOf(SENT, []), kind: "sum" as "gauge" }]),
  "a counter that fell": sentAt(0, -1),
  "a value that is no number": lineAt(0, [familyOf(SENT, [{ ...SERIES, value: "1" as unknown as number }])]),
  "labels that are no texts": lineAt(0, [familyOf(SENT, [{ ...SERIES, labels: { to: 1 } as never }])]),
  "too few buckets": lineAt(0, [familyOf(DELAY, [{ labels: {}, count: 1, sum: 1, buckets: [1] }])]),
  "no bounds": lineAt(0, [{ ...familyOf(DELAY, []), bounds: "1" as never }]),
};

for (const [what, value] of Object.entries(BROKEN)) {
  Deno.test(`parseMetricLine() treats a line with ${what} as broken`, () => {
    assertEquals(parseMetricLine(JSON.stringify(value)), "broken");
  });
}

Deno.test("parseMetricLine() treats half lines and garbage as broken", () => {
  const text = JSON.stringify(WHOLE);
  for (let end = 0; end < text.length; end += 7) assertEquals(parseMetricLine(text.slice(0, end)), "broken");
  assertEquals(parseMetricLine("\u0000\ufffd\u001b[31m"), "broken");
});
