import { assertEquals } from "@std/assert";
import { loadMetrics, MetricTotals, MetricWindow, withHelp } from "../../../lib/metrics/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { DELAY, familyOf, increaseOf, lineAt, SENT, sentAt, START, WAITING, writeJournal } from "../_metrics.ts";

Deno.test("loadMetrics() fills a window, and again without counting twice", () =>
  inTempDir(async (folder) => {
    const window = new MetricWindow({ horizonMs: 60_000 });
    const totals = new MetricTotals();
    const onLine = totals.add.bind(totals);
    await writeJournal(folder, [sentAt(-90_000, 1), sentAt(10_000, 2), sentAt(20_000, 4)]);
    await loadMetrics(window, folder, { now: START + 20_000, onLine });
    await writeJournal(folder, [sentAt(10_000, 2), sentAt(20_000, 4), sentAt(30_000, 8)]);
    const now = START + 30_000;
    const skipped = await loadMetrics(window, folder, { now, sinceMs: START + 15_000, onLine });
    assertEquals(increaseOf(window, "mail.sent", { windowMs: 60_000, now }), 14);
    assertEquals(totals.families()[0]?.series, [{ labels: { to: "you" }, value: 14 }]);
    assertEquals(skipped, { broken: 0, newer: 0, long: 0, future: 0 });
  }));

Deno.test("loadMetrics() skips a line of next year, which would expire all others", () =>
  inTempDir(async (folder) => {
    const window = new MetricWindow();
    await writeJournal(folder, [sentAt(10_000, 1), sentAt(365 * 86_400_000, 2), "{}"]);
    const skipped = await loadMetrics(window, folder, { now: START + 20_000 });
    assertEquals(skipped, { broken: 1, newer: 0, long: 0, future: 1 });
    assertEquals(increaseOf(window, "mail.sent", { windowMs: 60_000, now: START + 20_000 }), 1);
  }));

Deno.test("MetricTotals sum counters and histograms, not gauges", () => {
  const totals = new MetricTotals();
  const delay = familyOf(DELAY, [{ labels: {}, count: 1, sum: 5, buckets: [0, 1, 0, 0] }]);
  const sent = (to: string) => familyOf(SENT, [{ labels: { to }, value: 1 }]);
  for (const to of ["a", "b", "a"]) {
    totals.add(lineAt(0, [sent(to), delay, familyOf(WAITING, [{ labels: {}, value: 1 }])]));
  }
  totals.add(lineAt(0, [{ ...delay, bounds: [1], series: [{ labels: {}, count: 1, sum: 1, buckets: [1, 0] }] }]));
  assertEquals(totals.families().map(({ name, series }) => [name, series]), [
    [
      "mail.sent",
      [
        { labels: { to: "a" }, value: 2 },
        { labels: { to: "b" }, value: 1 },
      ],
    ],
    ["mail.delay", [{ labels: {}, count: 3, sum: 15, buckets: [0, 3, 0, 0] }]],
  ]);
});

Deno.test("withHelp() adds help and order of the definitions, and keeps unknown families", () => {
  const families = [{ ...SENT, name: "other" }, DELAY, SENT].map((definition) => familyOf(definition, []));
  const helped = withHelp(families, [SENT, DELAY]);
  assertEquals(helped.map(({ name, help }) => [name, help]), [["mail.sent", SENT.help], ["mail.delay", DELAY.help], [
    "other",
    "",
  ]]);
});
