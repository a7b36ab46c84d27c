import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  collectMetrics,
  type CollectMetricsOptions,
  type DerivedMetric,
  type MetricDefinition,
  MetricJournal,
  MetricRegistry,
  renderPrometheus,
  reportSnapshot,
} from "../../../lib/metrics/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { DELAY, familyOf, lineAt, SENT, START, WAITING, writeJournal } from "../_metrics.ts";

const DISK: MetricDefinition = { name: "disk.use", kind: "gauge", unit: "1", help: "Share of the disk that is used" };
const DERIVED: readonly DerivedMetric[] = [
  { name: "share_to_you", kind: "ratio", of: { name: "mail.sent", match: { to: "you" } }, over: { name: "mail.sent" } },
  { name: "most_waiting", kind: "gauge", of: { name: "mail.waiting" }, aggregate: "max" },
  { name: "disk_percent", kind: "gauge", of: { name: "disk.use" }, scale: 100, aggregate: "max" },
];

/** Options to collect from a folder, a minute after the start. */
function optionsFor(folder: string, more: Partial<CollectMetricsOptions> = {}): CollectMetricsOptions {
  return {
    folder,
    windowMs: 60_000,
    definitions: [SENT, WAITING, DISK],
    derived: DERIVED,
    disk: { path: folder, gauge: DISK, measure: () => Promise.resolve({ usedPercent: 91, freeBytes: 9 }) },
    clock: new FakeClock(START + 60_000),
    ...more,
  };
}

Deno.test("collectMetrics() returns derived metrics with samples, families with help, disk and processes", () =>
  inTempDir(async (folder) => {
    const sent = familyOf(SENT, [{ labels: { to: "you" }, value: 1 }, { labels: { to: "me" }, value: 3 }]);
    await writeJournal(folder, [
      lineAt(-10_000, [sent]),
      lineAt(50_000, [sent, familyOf(WAITING, [{ labels: {}, value: 2 }])], { process: "a" }),
      lineAt(55_000, [familyOf(WAITING, [{ labels: {}, value: 5 }])], { process: "b" }),
      "half a li",
    ]);
    const report = await collectMetrics(optionsFor(folder));
    const { families, ...head } = report;
    assertEquals(head, {
      schema: "civitai-dl/metrics-report",
      version: 1,
      time: "2026-01-01T00:01:00.000Z",
      windowMs: 60_000,
      metrics: { share_to_you: 0.25, most_waiting: 5, disk_percent: 91 },
      samples: { share_to_you: 4, most_waiting: 2, disk_percent: 1 },
      disk: { usedPercent: 91, freeBytes: 9 },
      processes: ["b", "a"],
      lines: 2,
      skipped: { broken: 1, newer: 0, long: 0, future: 0 },
      warnings: [],
    });
    assertEquals(families.map(({ name, help }) => [name, help]), [
      ["mail.sent", SENT.help],
      ["mail.waiting", WAITING.help],
      ["disk.use", DISK.help],
    ]);
    assertEquals(JSON.parse(JSON.stringify(report)), report);
  }));

Deno.test("collectMetrics() returns null without data, and why the disk could not be measured", () =>
  inTempDir(async (folder) => {
    const measure = () => Promise.reject(new Deno.errors.NotFound("gone"));
    const report = await collectMetrics(optionsFor(folder, { disk: { path: "/lib", gauge: DISK, measure } }));
    assertEquals(report.metrics, { share_to_you: null, most_waiting: null, disk_percent: null });
    assertEquals([report.disk, report.processes, report.families], [null, [], []]);
    assertStringIncludes(report.warnings[0]!, 'Cannot measure the disk of "/lib": gone');
  }));

Deno.test("collectMetrics() measures the real disk by default", () =>
  inTempDir(async (folder) => {
    const { disk, metrics } = await collectMetrics(optionsFor(folder, { disk: { path: folder, gauge: DISK } }));
    assertEquals(metrics.disk_percent !== null && Math.abs(metrics.disk_percent! - disk!.usedPercent) < 1e-9, true);
  }));

Deno.test("reportSnapshot() returns the derived metrics and gauges of a report, but no counter that could fall", () =>
  inTempDir(async (folder) => {
    const delay = familyOf(DELAY, [{ labels: {}, count: 1, sum: 5, buckets: [0, 1, 0, 0] }]);
    await writeJournal(folder, [lineAt(50_000, [familyOf(SENT, [{ labels: { to: "you" }, value: 3 }]), delay])]);
    const text = renderPrometheus(reportSnapshot(await collectMetrics(optionsFor(folder)), "post"));
    const values = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    assertEquals(values, [
      "post_share_to_you 1",
      "post_disk_percent 91",
      "disk_use_ratio 0.91",
    ]);
    assertStringIncludes(text, "# TYPE post_disk_percent gauge\n");
    assertStringIncludes(text, "# HELP post_disk_percent disk_percent of the last 60 s\n");
  }));

Deno.test("reportSnapshot() shows the series of a gauge rather than the derived metric of the same name", () =>
  inTempDir(async (folder) => {
    const speed = { name: "post.speed", kind: "gauge", unit: "1", help: "Speed", labels: ["host"] } as const;
    const registry = new MetricRegistry();
    const gauge = registry.gauge(speed);
    gauge.set(0.1, { host: "a" });
    gauge.set(1, { host: "b" });
    await using journal = new MetricJournal(folder, registry);
    await journal.flush();
    const derived = [{ name: "speed_ratio", kind: "gauge", of: { name: "post.speed" }, aggregate: "min" }] as const;
    const report = await collectMetrics({ folder, windowMs: 60_000, definitions: [speed], derived });
    assertEquals(report.metrics, { speed_ratio: 0.1 });
    const lines = renderPrometheus(reportSnapshot(report, "post")).replaceAll(/,process="[^"]*"/g, "").split("\n");
    assertEquals(lines.filter((line) => line.startsWith("post_speed_ratio")), [
      'post_speed_ratio{host="a"} 0.1',
      'post_speed_ratio{host="b"} 1',
    ]);
  }));
