/**
 * A monitor that ticks every second for two hours, with its page open, while runs write their log and metrics.
 *
 * Bounds: the heap after garbage collection does not grow (second half: no trend by Mann-Kendall at 1 %, or a slope by
 * Theil-Sen whose lower bound is not positive, or growth below 2 % and 2 MB), open files stay as many, the ticks drift by
 * less than 50 ms (the median lateness of the last hundred), no tick is late by 50 ms or more, none is left out or fails,
 * and every line is seen once. The latest tick needs a machine that does little else. Another length: `--seconds 600`.
 * `deno run -q -P=acceptance tests/acceptance/monitor_soak.ts [--seconds 7200]`
 *
 * @module
 */
import { join } from "node:path";
import { type DownloadEvent, DownloadMeter, openEventLog } from "../../lib/downloader/mod.ts";
import { MetricJournal, MetricRegistry } from "../../lib/metrics/mod.ts";
import { mannKendall, quantile, theilSen } from "../../lib/stats/mod.ts";
import { numberFlag, tellProgress } from "./_flag.ts";
import type { Held } from "./_measured_program.ts";
import { reportFigures } from "../helpers/report_figures.ts";

const ROOT = join(import.meta.dirname!, "../..");
const SAMPLE_MS = 10_000;
const HOUR_MS = 3_600_000;

/** Write what runs write until it is stopped: some twenty lines a second. */
async function play(folder: string, signal: AbortSignal): Promise<number> {
  const logs = join(folder, "logs");
  using log = openEventLog(logs, { redact: (text) => text, maxBytes: 1 << 20 });
  const registry = new MetricRegistry();
  const meter = new DownloadMeter(registry);
  await using _journal = new MetricJournal(logs, registry, { everyMs: 1000 });
  let lines = 0;
  for (let number = 0; !signal.aborted; number++) {
    const item = {
      key: `file:${number}`,
      kind: "file" as const,
      path: `models/${number}.safetensors`,
      creator: "a",
      modelId: number,
      versionId: number,
      fileId: number,
    };
    const isBad = number % 200 === 0;
    const events: DownloadEvent[] = [
      { type: "start", item, host: "storage.example", totalBytes: 4096, resumedBytes: 0 },
      { type: "bytes", key: item.key, count: 4096 },
      {
        type: "end",
        item,
        host: "storage.example",
        bytes: 4096,
        durationMs: 20,
        ...isBad
          ? { outcome: "failed", failure: "timeout", message: "nothing came" } as const
          : { outcome: "done", failure: null, message: null } as const,
      },
    ];
    for (const event of events) {
      meter.record(event);
      log.write(event);
    }
    lines += 2;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return lines;
}

/** Keep the event stream of the page open, like a browser. */
async function watchPage(port: number, signal: AbortSignal): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/events`);
  const reader = response.body!.getReader();
  // After more than an hour, the signal given to fetch() did not end it.
  signal.addEventListener("abort", () => reader.cancel().catch(() => {}));
  let bytes = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) bytes += piece.value.length;
  return bytes;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

interface Trend {
  readonly first: number;
  readonly last: number;
  readonly p: number;
  readonly slopeMbPerHour: number;
  readonly lowMbPerHour: number;
  readonly grownBytes: number;
  readonly isFlat: boolean;
}

/** The leak criterion, applied to the second half of the samples. */
function judgeTrend(samples: readonly Held[], valueOf: (held: Held) => number): Trend {
  const half = samples.slice(Math.floor(samples.length / 2));
  const values = half.map(valueOf);
  const { p } = mannKendall(values);
  const { slope, low } = theilSen(half.map(({ at }) => at), values, { confidence: 0.95 });
  const grownBytes = slope * (samples.at(-1)!.at - samples[0]!.at);
  const median = quantile(values, 0.5);
  const isLeak = p < 0.01 && low > 0 && grownBytes > Math.max(0.02 * median, 2e6);
  const perHour = HOUR_MS / 1e6;
  return {
    first: values[0]!,
    last: values.at(-1)!,
    p,
    grownBytes,
    isFlat: !isLeak,
    slopeMbPerHour: slope * perHour,
    lowMbPerHour: low * perHour,
  };
}

if (import.meta.main) {
  const seconds = numberFlag("seconds", 7200);
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-monitor-" });
  const stop = new AbortController();
  await Deno.mkdir(join(folder, "library", ".civitai-dl"), { recursive: true });
  const port = freePort();
  const child = new Deno.Command(Deno.execPath(), {
    cwd: folder,
    args: [
      ...["run", "-q", "--no-prompt", "--config", join(ROOT, "deno.json"), "-A"],
      ...[
        join(ROOT, "tests/acceptance/_measured_program.ts"),
        String(SAMPLE_MS),
        "monitor",
        "--interval",
        "1s",
        "--json",
      ],
      ...["--listen", `127.0.0.1:${port}`, "--library", "library", "--config", join(ROOT, "config/alerts.yml")],
    ],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const samples: Held[] = [];
  const reading = (async () => {
    let rest = "";
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + text).split("\n");
      rest = parts.pop()!;
      for (const line of parts) {
        if (line.startsWith("@")) samples.push(JSON.parse(line.slice(1)) as Held);
        else if (line.startsWith("warning")) tellProgress(line);
      }
    }
  })();
  while (samples.length === 0) await new Promise((resolve) => setTimeout(resolve, 200));
  // A monitor that starts ignores what is already in the log.
  const playing = play(folder, stop.signal);
  const watching = watchPage(port, stop.signal);
  const tellTimer = setInterval(
    () => tellProgress(`${samples.length} samples, ${JSON.stringify(samples.at(-1))}`),
    300_000,
  );
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  clearInterval(tellTimer);
  stop.abort();
  const [written, pageBytes] = await Promise.all([playing, watching]);
  child.kill("SIGINT");
  const { ticks, skipped, failed, maxLateMs, driftMs, lines } = await new Response(child.stdout).json();
  await Promise.all([child.status, reading]);
  await Deno.remove(folder, { recursive: true });
  const heap = judgeTrend(samples, ({ heapUsed }) => heapUsed);
  const external = judgeTrend(samples, ({ external }) => external);
  const open = samples.slice(1).map(({ openFiles }) => openFiles);
  const quarter = Math.max(1, Math.floor(open.length / 4));
  const openFiles = [quantile(open.slice(0, quarter), 0.5), quantile(open.slice(-quarter), 0.5)] as const;
  const rss = samples.map(({ rss }) => rss);
  reportFigures({
    seconds,
    samples: samples.length,
    ticks,
    skipped,
    failed,
    maxLateMs,
    driftMs,
    lines,
    written,
    pageBytes,
    heap,
    external,
    openFiles,
    rss: [rss[0], rss.at(-1)],
  }, [
    { name: "heap flat", isMet: heap.isFlat },
    { name: "external flat", isMet: external.isFlat },
    { name: "open files constant", isMet: openFiles[1] <= openFiles[0] },
    { name: "drift below 50 ms", isMet: driftMs < 50 },
    { name: "no tick late by 50 ms", isMet: maxLateMs < 50 },
    { name: "no tick left out or failed", isMet: skipped === 0 && failed === 0 },
    { name: "every line once", isMet: lines === written },
  ]);
}
