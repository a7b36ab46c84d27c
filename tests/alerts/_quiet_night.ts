import type { MetricReading, MetricSource } from "../../lib/alerts/mod.ts";
import { type Random, seededRandom } from "../../lib/base/mod.ts";
import { DISK_METRIC, DOWNLOAD_DERIVED, downloadMetric } from "../../lib/downloader/mod.ts";
import {
  METRIC_LINE_SCHEMA,
  METRIC_LINE_VERSION,
  type MetricFamily,
  MetricWindow,
  readDerived,
} from "../../lib/metrics/mod.ts";
import { HOUR, MINUTE, SECOND, START } from "./_story.ts";

/** How far apart the lines of the journal are. */
const LINE_MS = 10 * SECOND;
export const DAYS = 2;

/** Facts of the library that a monitor measures itself, at a moment of a night on which nothing is wrong. */
interface Moment {
  /** Whether a run is under way. */
  readonly isRunning: boolean;
  /** Milliseconds since the last run ended well. */
  readonly sinceSuccessMs: number;
}

/**
 * Metrics that are measured and not written by runs, on a quiet night. A rule that ships on another one needs a line
 * here, or a value in the journal below.
 */
const MEASURED: Readonly<Record<string, (moment: Moment, random: Random) => number | null>> = {
  // A server that asks to wait, or a slow start of a file.
  "no_progress_seconds": ({ isRunning }, random) => isRunning ? (random() < 0.05 ? 45 : random() * 8) : 0,
  "run_failed": () => 0,
  "seconds_since_success": ({ sinceSuccessMs }) => sinceSuccessMs / SECOND,
  "left_files": ({ isRunning }, random) => isRunning ? Math.round(random() * 5000) : 0,
  "reserve_reached": () => 0,
  "disk_full_in_seconds": () => null,
  "key_rejected": () => 0,
  "library_missing": () => 0,
  // A request that is lost now and then fails no check twice in a row.
  "health_check_failing": () => 0,
  "host_speed_ratio": (_moment, random) => 0.4 + random(),
};

interface Run {
  readonly startMs: number;
  readonly endMs: number;
  /** Files that end in a second: some for pictures, a fraction for models. */
  readonly filesPerSecond: number;
  /** When a few files fail one after another, such as those of a deleted account. */
  readonly failuresAtMs: number;
  /** When a connection breaks and all files under way time out once. */
  readonly hiccupAtMs: number;
  /** When the machine sleeps, and for how long. */
  readonly sleep: { readonly atMs: number; readonly ms: number } | null;
}

/** Two days without trouble: a run each night, now and then with a few failed files, retries, or a machine that sleeps. */
export class QuietNight implements MetricSource {
  readonly #random: Random;
  readonly #window = new MetricWindow({ horizonMs: 40 * MINUTE });
  readonly #runs: readonly Run[];
  #line = 0;
  #now = START;
  #disk: number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.#disk = 40 + this.#random() * 45;
    this.#runs = Array.from({ length: DAYS }, (_, day) => this.#planRun(day));
  }

  /** The times at which a monitor evaluates, in milliseconds since the start; none while the machine sleeps. */
  *ticks(): Generator<number> {
    for (let ms = 0; ms < DAYS * 24 * HOUR; ms += 30 * SECOND) {
      const near = this.#runs.find(({ startMs, endMs }) => ms >= startMs - MINUTE && ms < endMs + 30 * MINUTE);
      if (near === undefined ? ms % (10 * MINUTE) === 0 : !isAsleep(near, ms)) yield ms;
    }
  }

  /** Write what runs have done up to a time. */
  advance(ms: number): void {
    for (; this.#line <= ms; this.#line += LINE_MS) {
      const run = this.#runs.find(({ startMs, endMs }) => this.#line > startMs && this.#line <= endMs);
      if (run === undefined || isAsleep(run, this.#line)) continue;
      this.#window.add({
        schema: METRIC_LINE_SCHEMA,
        version: METRIC_LINE_VERSION,
        time: new Date(START + this.#line).toISOString(),
        process: `7-${run.startMs}`,
        spanMs: LINE_MS,
        end: this.#line + LINE_MS > run.endMs,
        families: this.#families(run),
      });
      this.#disk += 0.0005;
    }
    this.#now = START + ms;
    this.#window.setGauge(downloadMetric(DISK_METRIC), [{ labels: {}, value: this.#disk / 100 }], this.#now);
  }

  read(metric: string, options: Parameters<MetricSource["read"]>[1]): readonly MetricReading[] {
    const derived = DOWNLOAD_DERIVED.find(({ name }) => name === metric);
    const measure = Object.hasOwn(MEASURED, metric) ? MEASURED[metric] : undefined;
    if (measure !== undefined) return [{ labels: {}, value: measure(this.#moment(), this.#random), samples: 1 }];
    if (derived === undefined) throw new Error(`Cannot play a quiet night: "${metric}" has no history; add one here`);
    return readDerived(this.#window, derived, { ...options, by: derived.splitBy });
  }

  #moment(): Moment {
    const ms = this.#now - START;
    const done = this.#runs.filter(({ endMs }) => endMs <= ms).map(({ endMs }) => endMs);
    return {
      isRunning: this.#runs.some(({ startMs, endMs }) => ms > startMs && ms <= endMs),
      sinceSuccessMs: ms - Math.max(-12 * HOUR, ...done),
    };
  }

  #planRun(day: number): Run {
    const random = this.#random;
    const startMs = Math.round((day * 24 + 2 + random()) * HOUR);
    const sleep = random() < 0.4 ? { atMs: startMs + Math.round(random() * HOUR), ms: 3 * HOUR } : null;
    const endMs = startMs + Math.round((0.5 + random() * 2) * HOUR) + (sleep?.ms ?? 0);
    const somewhere = () => startMs + Math.round(random() * (endMs - startMs));
    const filesPerSecond = [0.05, 0.2, 0.5, 2][Math.floor(random() * 4)]!;
    return { startMs, endMs, filesPerSecond, failuresAtMs: somewhere(), hiccupAtMs: sleep?.atMs ?? somewhere(), sleep };
  }

  /** What a run did in the ten seconds before the line. */
  #families(run: Run): readonly MetricFamily[] {
    const random = this.#random;
    const isIn = (ms: number) => ms > this.#line - LINE_MS && ms <= this.#line;
    const files = Math.round(run.filesPerSecond * 10 * random() * 2 + (random() < 0.3 ? 1 : 0));
    // After a sleep, the hiccup is when the machine wakes.
    const hiccupMs = run.hiccupAtMs + (run.sleep?.ms ?? 0);
    const failed = isIn(run.failuresAtMs) ? 4 : random() < 0.002 * files ? 1 : 0;
    const timeouts = isIn(hiccupMs) ? 4 : random() < 0.001 * files ? 1 : 0;
    const host = "storage.example";
    return [
      counter("civitai_dl.download.count", "{download}", [
        { labels: { host, outcome: "done" }, value: files + timeouts },
        { labels: { host, outcome: "failed" }, value: failed },
      ]),
      counter("civitai_dl.download.errors", "{download}", [{ labels: { host, class: "gone" }, value: failed }]),
      counter("civitai_dl.download.timeouts", "{download}", [{ labels: { host }, value: timeouts }]),
      counter("civitai_dl.download.retries", "{try}", [{ labels: { host, class: "timeout" }, value: timeouts }]),
      {
        ...counter("process.memory.usage", "By", [{ labels: {}, value: (150 + random() * 200) * 2 ** 20 }]),
        kind: "gauge",
      },
    ];
  }
}

function isAsleep({ sleep }: Run, ms: number): boolean {
  return sleep !== null && ms >= sleep.atMs && ms < sleep.atMs + sleep.ms;
}

function counter(name: string, unit: string, series: MetricFamily["series"]): MetricFamily {
  return { name, kind: "counter", unit, help: "", series };
}
