import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { analyzeMetrics, describeMetricGaps, type MetricAnalysis } from "../../../lib/diagnosis/mod.ts";
import { DOWNLOAD_DERIVED } from "../../../lib/downloader/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

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

async function analyze(text: string, options: { untilMs?: number } = {}): Promise<MetricAnalysis> {
  let analysis: MetricAnalysis | undefined;
  await inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "metrics.jsonl"), text);
    analysis = await analyzeMetrics({
      folder,
      rangeMs: HOUR,
      derived: DOWNLOAD_DERIVED,
      bytes: "civitai_dl.download.bytes",
      clock: new FakeClock(NOW),
      ...options,
    });
  });
  return analysis!;
}

Deno.test("analyzeMetrics() reports an hour that is worse than the one before as changed", async () => {
  const analysis = await analyze(
    hour(NOW - HOUR, { done: 10, failed: 0 }) + hour(NOW, { done: 9, failed: 1, slow: true, bytes: 5e5, end: true }),
  );
  const [errors] = analysis.rates;
  assertEquals([errors!.name, errors!.host, errors!.events, errors!.trials], ["error_rate", null, 360, 3600]);
  // R: binom.test(360, 3600)$conf.int
  assert(Math.abs(errors!.low! - 0.0904) < 5e-4 && Math.abs(errors!.high! - 0.1103) < 5e-4, JSON.stringify(errors));
  assertEquals([errors!.before.rate, errors!.change.verdict], [0, "changed"]);
  assertEquals(analysis.rates.find(({ name, host }) => name === "error_rate" && host !== null)?.host, "b2.civitai.com");
  assertEquals([analysis.throughput.bytesPerSecond, analysis.throughput.before], [50_000, 100_000]);
  assertEquals(analysis.throughput.change.verdict, "changed");
  const [times] = analysis.times;
  assertEquals([times!.count, times!.change.verdict], [1440, "changed"]);
  assert(times!.p95! > 1 && times!.before.p95! <= 0.1);
  assertEquals([analysis.gaps, analysis.openEnds, analysis.linesBefore], [[], 0, 360]);
});

Deno.test("analyzeMetrics() finds no change between equal hours", async () => {
  const analysis = await analyze(hour(NOW - HOUR, { done: 10, failed: 1 }) + hour(NOW, { done: 10, failed: 1 }));
  const verdicts = [analysis.throughput, ...analysis.rates, ...analysis.times].map(({ change }) => change.verdict);
  assertEquals(new Set(verdicts), new Set(["same"]));
});

Deno.test("analyzeMetrics() gives no verdict without enough data, and no rate without trials", async () => {
  const few = await analyze(
    line({ atMs: NOW - HOUR - 1000, done: 9, failed: 0 }) + line({ atMs: NOW - 1000, done: 0, failed: 9 }),
  );
  for (const { change } of [few.throughput, ...few.rates, ...few.times]) assertEquals(change.verdict, "too few data");
  const none = await analyze(line({ atMs: NOW - 1000, done: 0, failed: 0 }));
  assertEquals([none.rates[0]!.rate, none.rates[0]!.low, none.linesBefore], [null, null, 0]);
  assertEquals((await analyze("")).lines, 0);
});

Deno.test("analyzeMetrics() states the times without metrics, and lines that it cannot read", async () => {
  const analysis = await analyze(
    [
      line({ atMs: NOW - 50 * 60_000, done: 1, failed: 0 }),
      line({ atMs: NOW - 30 * 60_000, done: 1, failed: 0 }),
      '{"schema":"civitai-dl/metrics"',
      "\n",
      line({ atMs: NOW + 30_000, done: 1, failed: 0 }),
    ].join(""),
  );
  assertEquals(analysis.gaps, [
    { from: "2026-11-25T11:00:00.000Z", until: "2026-11-25T11:09:50.000Z" },
    { from: "2026-11-25T11:10:00.000Z", until: "2026-11-25T11:29:50.000Z" },
    { from: "2026-11-25T11:30:00.000Z", until: "2026-11-25T12:00:00.000Z" },
  ]);
  assertEquals([analysis.lines, analysis.skipped.broken, analysis.openEnds], [2, 1, 1]);
  assertEquals(describeMetricGaps(analysis).length, 6);
});

Deno.test("analyzeMetrics() reads an earlier period", async () => {
  const text = hour(NOW - HOUR, { done: 10, failed: 5 }) + hour(NOW, { done: 1, failed: 0 });
  const { rates, until } = await analyze(text, { untilMs: NOW - HOUR });
  assertEquals([rates[0]!.events, until], [1800, "2026-11-25T11:00:00.000Z"]);
});
