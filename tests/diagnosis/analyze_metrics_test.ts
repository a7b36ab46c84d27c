import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { analyzeMetrics, type MetricAnalysis } from "../../lib/diagnosis/mod.ts";
import { DOWNLOAD_DERIVED } from "../../lib/downloader/mod.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const NOW = Date.UTC(2026, 10, 25, 12);
const HOUR = 3_600_000;

interface Sample {
  readonly atMs: number;
  readonly done: number;
  readonly failed: number;
  readonly slow?: boolean;
  readonly bytes?: number;
  readonly end?: boolean;
}

/** A line of the journal, of ten seconds. */
function line({ atMs, done, failed, slow = false, bytes = 1e6, end = false }: Sample): string {
  const host = "b2.civitai.com";
  const count = (name: string, series: readonly object[]) => ({ name, kind: "counter", unit: "{download}", series });
  const outcomes = [["done", done], ["failed", failed]] as const;
  return `${
    JSON.stringify({
      schema: "civitai-dl/metrics",
      version: 1,
      time: new Date(atMs).toISOString(),
      process: "7-1",
      spanMs: 10_000,
      end,
      families: [
        count("civitai_dl.download.count", outcomes.map(([outcome, value]) => ({ labels: { host, outcome }, value }))),
        count("civitai_dl.download.errors", [{ labels: { host, class: "server" }, value: failed }]),
        count("civitai_dl.download.bytes", [{ labels: { host }, value: bytes }]),
        {
          name: "civitai_dl.request.duration",
          kind: "histogram",
          unit: "s",
          bounds: [0.1, 1, 10],
          series: [{ labels: { host }, count: 4, sum: 1, buckets: slow ? [0, 0, 4, 0] : [4, 0, 0, 0] }],
        },
      ],
    })
  }\n`;
}

/** Lines every ten seconds of an hour that ends at `untilMs`. */
function hour(untilMs: number, sample: Omit<Sample, "atMs">): string {
  return Array.from({ length: 360 }, (_, index) => line({ ...sample, atMs: untilMs - HOUR + (index + 1) * 10_000 }))
    .join("");
}

async function analyze(text: string): Promise<MetricAnalysis> {
  let analysis: MetricAnalysis | undefined;
  await inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "metrics.jsonl"), text);
    analysis = await analyzeMetrics({
      folder,
      rangeMs: HOUR,
      derived: DOWNLOAD_DERIVED,
      bytesMetric: "civitai_dl.download.bytes",
      clock: new FakeClock(NOW),
    });
  });
  return analysis!;
}

Deno.test("analyzeMetrics() shows an hour beside the one before, of all hosts and of each", async () => {
  const analysis = await analyze(
    hour(NOW - HOUR, { done: 10, failed: 0 }) + hour(NOW, { done: 9, failed: 1, slow: true, bytes: 5e5, end: true }),
  );
  const [errors] = analysis.rates;
  assertEquals([errors!.name, errors!.host, errors!.events, errors!.trials], ["error_rate", null, 360, 3600]);
  assertEquals([errors!.rate, errors!.before], [0.1, { events: 0, trials: 3600, rate: 0 }]);
  assertEquals(analysis.rates.find(({ name, host }) => name === "error_rate" && host !== null)?.host, "b2.civitai.com");
  assertEquals(analysis.bytesPerSecond, { now: 50_000, before: 100_000 });
  const [times] = analysis.times;
  assertEquals([times!.count, times!.before.count], [1440, 1440]);
  assert(times!.p95! > 1 && times!.before.p95! <= 0.1);
  const done = analysis.counts.find(({ labels }) => labels.outcome === "done")!;
  assertEquals([done.value, done.before, analysis.linesBefore], [3240, 3600, 360]);
});

Deno.test("analyzeMetrics() has no rate without trials, and counts lines that it cannot read", async () => {
  const text = [
    line({ atMs: NOW - 1000, done: 0, failed: 0 }),
    '{"schema":"civitai-dl/metrics"\n',
    line({ atMs: NOW + 30_000, done: 1, failed: 0 }),
  ].join("");
  const { rates, linesBefore, lines, skipped, isForeign } = await analyze(text);
  assertEquals([rates[0]!.rate, linesBefore, lines, skipped.broken, isForeign], [null, 0, 1, 1, false]);
  assertEquals((await analyze("")).lines, 0);
});
