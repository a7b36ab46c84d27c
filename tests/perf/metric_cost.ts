/**
 * Measures what a record costs: each kind of instrument, the overflow of series, and `DownloadMeter.see` with the bytes
 * of a download, and what share of a second the latter takes at one gigabyte a second. Bounds: 2 µs a record, 1 % of the
 * time of P1.
 * Takes some seconds: `deno run -q -P=acceptance tests/perf/metric_cost.ts`
 *
 * @module
 */
import { DownloadMeter, type EventItem } from "../../lib/downloader/mod.ts";
import { TimeoutLog } from "../../lib/failsafe/mod.ts";
import { MetricRegistry } from "../../lib/metrics/mod.ts";
import { median } from "../../lib/stats/mod.ts";
import { reportFigures } from "../helpers/report_figures.ts";

const BOUND_NS = 2000;
const RECORDS = 200_000;
const ROUNDS = 15;
/** The speed of P1, whose time is in docs/performance.md alone. */
const P1_BYTES_PER_SECOND = 2 * 1024 ** 3 / await readP1Seconds();
/** The smallest count of a `bytes` event during a large file: one read of a socket. */
const EVENT_BYTES = 64 * 1024;

const registry = new MetricRegistry();
const base = { unit: "", help: "" } as const;
const plain = registry.counter({ ...base, name: "plain", kind: "counter" });
const one = registry.counter({ ...base, name: "one", kind: "counter", labels: ["host"] });
const two = registry.counter({ ...base, name: "two", kind: "counter", labels: ["host", "outcome"] });
const full = registry.counter({ ...base, name: "full", kind: "counter", labels: ["host"] });
const gauge = registry.gauge({ ...base, name: "gauge", kind: "gauge", labels: ["host"] });
const histogram = registry.histogram({ ...base, name: "histogram", kind: "histogram", unit: "s", labels: ["host"] });
const meter = new DownloadMeter(registry);
const item: EventItem = { key: "a", kind: "file", path: "a", creator: "a", modelId: 1, versionId: 1, fileId: 1 };
meter.record({ type: "start", item, host: "storage.example", totalBytes: 1, resumedBytes: 0 });
const hosts = Array.from({ length: 16 }, (_, index) => `storage-${index}.example`);
// No period ends in this time, so nothing is written.
const timeouts = new TimeoutLog("");
const wait = { operation: "transfer", step: "headers", outcome: "ok", connectionAgeMs: 0, attempt: 1 } as const;
const strangers = Array.from({ length: 5000 }, (_, index) => `stranger ${index}`);
for (const host of strangers) full.add(1, { host });

const CASES: Readonly<Record<string, (index: number) => void>> = {
  counter: () => plain.add(1),
  "counter, one label": (index) => one.add(1, { host: hosts[index & 15]! }),
  "counter, two labels": (index) => two.add(1, { host: hosts[index & 15]!, outcome: "done" }),
  "counter, no room": (index) => full.add(1, { host: strangers[1000 + index % 4000]! }),
  "gauge, one label": (index) => gauge.set(index, { host: hosts[index & 15]! }),
  "histogram, one label": (index) => histogram.record(index % 100, { host: hosts[index & 15]! }),
  "TimeoutLog, a wait in time": (index) =>
    timeouts.record({ ...wait, host: hosts[index & 15]!, limitMs: 10_000, elapsedMs: index % 3000 }),
  "DownloadMeter.see, bytes": (index) => meter.record({ type: "bytes", key: "a", count: index }),
};

/** Read how long the engine took for the 2 GiB of P1. */
async function readP1Seconds(): Promise<number> {
  const page = await Deno.readTextFile(new URL("../../docs/performance.md", import.meta.url));
  const seconds = /^\| P1 +\| 2 GiB, plain, verified +\|.*: ([\d.]+) s against /m.exec(page)?.[1];
  if (seconds === undefined) throw new Error("Cannot find the time of P1 in docs/performance.md");
  return Number(seconds);
}

/** Nanoseconds per call, in one round. */
function measure(call: (index: number) => void): number {
  const start = performance.now();
  for (let index = 0; index < RECORDS; index++) call(index);
  return (performance.now() - start) * 1e6 / RECORDS;
}

// Alternately, so that other work of the machine affects all; the first rounds compile.
const rounds = Array.from({ length: ROUNDS + 3 }, () => Object.values(CASES).map(measure)).slice(3);
const nanoseconds = Object.fromEntries(
  Object.keys(CASES).map((name, index) => [name, Math.round(median(rounds.map((round) => round[index]!)))]),
);
const seeNs = nanoseconds["DownloadMeter.see, bytes"]!;
const shareOfP1 = P1_BYTES_PER_SECOND / EVENT_BYTES * seeNs / 1e9;
reportFigures({ nanoseconds, shareOfP1 }, [
  ...Object.entries(nanoseconds).map(([name, ns]) => ({ name, isMet: ns <= BOUND_NS })),
  { name: "1 % of P1", isMet: shareOfP1 <= 0.01 },
]);
