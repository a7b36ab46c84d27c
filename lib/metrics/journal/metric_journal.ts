import { join } from "node:path";
import { type Clock, ensurePrivateFolder, messageOf, systemClock } from "../../base/mod.ts";
import { LogWriter } from "../../journal/mod.ts";
import { subtractSnapshot } from "../window/subtract_snapshot.ts";
import { MAX_METRIC_LINE_BYTES, METRIC_LINE_SCHEMA, METRIC_LINE_VERSION, type MetricLine } from "../metric_line.ts";
import type { MetricRegistry } from "../instruments/metric_registry.ts";
import type { MetricSnapshot } from "../metric_snapshot.ts";

/** File name of the journal in its folder; rotated files end in `.1`, `.2` and so on. */
export const METRIC_JOURNAL_NAME = "metrics.jsonl";

/** A clock that goes back by more than this many milliseconds has been corrected: its times before were wrong. */
const MAX_STEP_BACK_MS = 1000;

/** Readers limit bytes, and a UTF-16 code unit takes up to three bytes in UTF-8. */
const MAX_LINE_LENGTH = MAX_METRIC_LINE_BYTES / 3;

/** Options of {@linkcode MetricJournal}. */
export interface MetricJournalOptions {
  /**
   * Milliseconds between lines.
   *
   * @default {10000}
   */
  readonly everyMs?: number | undefined;
  /** Called before each line, to set gauges; an error that it throws becomes a warning. */
  readonly onTick?: (() => void | Promise<void>) | undefined;
  /** Called the first time that `onTick` or a write fails. The increments are kept for a later line. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /**
   * Maximum size of the journal in bytes. A line that would exceed it rotates the journal first.
   *
   * @default {10 MiB}
   */
  readonly maxBytes?: number | undefined;
  /**
   * Number of rotated files to keep.
   *
   * @default {3}
   */
  readonly keep?: number | undefined;
  /**
   * Appends one line; tests pass a stub.
   *
   * @default {opens, appends and closes the file, and rotates it}
   */
  readonly append?: ((path: string, line: string) => void | Promise<void>) | undefined;
  /**
   * Time source; tests pass a fake clock.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * Writes the increments of a registry to a journal that several processes share: a line every ten seconds by default,
 * and the last one at disposal.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MetricJournal, MetricRegistry, readMetricLines } from "@civitai-dl/civitai-dl/metrics";
 *
 * const folder = await Deno.makeTempDir();
 * const registry = new MetricRegistry();
 * const sent = registry.counter({ name: "mail.sent", kind: "counter", unit: "{mail}", help: "Mails that were sent" });
 * {
 *   await using _journal = new MetricJournal(folder, registry, { everyMs: 5000 });
 *   sent.add(3);
 * }
 * const [line] = await Array.fromAsync(readMetricLines(folder, { sinceMs: 0 }));
 * assertEquals(line?.families[0]?.series, [{ labels: {}, value: 3 }]);
 * ```
 */
export class MetricJournal implements AsyncDisposable {
  /** Path of the journal. */
  readonly path: string;
  readonly #registry: MetricRegistry;
  readonly #onTick: () => void | Promise<void>;
  readonly #onWarning: (message: string) => void;
  readonly #append: (path: string, line: string) => void | Promise<void>;
  readonly #clock: Clock;
  readonly #process: string;
  readonly #stop = new AbortController();
  readonly #ticking: Promise<void>;
  /** What the lines written so far add up to. */
  #lastSnapshot: MetricSnapshot | undefined;
  /** When the last line was written, by the monotonic clock. */
  #lastMonotonic: number;
  /** The time in the last line, in milliseconds since the epoch. */
  #lastTimeMs = 0;
  #writing: Promise<void> = Promise.resolve();
  #hasWarned = false;
  #hasEnded = false;

  /**
   * Start writing in the background, until the journal is disposed.
   *
   * @param folder Folder of the journal; created if missing
   * @param registry The registry to write increments of
   * @param options Interval, rotation, warnings and clock
   */
  constructor(folder: string, registry: MetricRegistry, options: MetricJournalOptions = {}) {
    const { everyMs = 10_000, maxBytes = 10 * 1024 * 1024, keep = 3, clock = systemClock } = options;
    this.path = join(folder, METRIC_JOURNAL_NAME);
    this.#registry = registry;
    this.#onTick = options.onTick ?? (() => {});
    this.#onWarning = options.onWarning ?? (() => {});
    this.#append = options.append ?? ((path, line) => {
      ensurePrivateFolder(folder, { marker: METRIC_JOURNAL_NAME });
      const log = new LogWriter(path, { rotation: { maxBytes, keep } });
      try {
        log.append(line);
      } finally {
        log[Symbol.dispose]();
      }
    });
    this.#clock = clock;
    this.#process = `${Deno.pid}-${Math.round(clock.now())}`;
    this.#lastMonotonic = clock.monotonic();
    this.#ticking = this.#tick(everyMs);
  }

  /** Write a line now, in addition to the periodic ones. */
  flush(): Promise<void> {
    return this.#write({ isEnd: false });
  }

  /** Write the last line, which is marked by `end`, and stop. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#stop.abort();
    await this.#ticking;
    await this.#write({ isEnd: true });
  }

  /** Intervals are counted from the start, so that they do not drift; missed ones are skipped. */
  async #tick(everyMs: number): Promise<void> {
    const { signal } = this.#stop;
    const start = this.#clock.monotonic();
    while (!signal.aborted) {
      const passed = this.#clock.monotonic() - start;
      const next = (Math.floor(passed / everyMs) + 1) * everyMs;
      try {
        await this.#clock.sleep(next - passed, { signal });
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
      await this.#write({ isEnd: false });
    }
  }

  /**
   * Write a line after all earlier ones have been written. A failed write loses nothing: its increments go into the
   * next line.
   */
  #write({ isEnd }: { readonly isEnd: boolean }): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      try {
        await this.#onTick();
      } catch (error) {
        this.#warn("Cannot measure for", error);
      }
      await this.#writeLine({ isEnd });
    }).catch((error: unknown) => this.#warn("Cannot write metrics to", error));
    return this.#writing;
  }

  #warn(what: string, error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const reason = messageOf(error);
    this.#onWarning(`${what} "${this.path}": ${reason}; the increments are written once this works again`);
  }

  async #writeLine({ isEnd }: { readonly isEnd: boolean }): Promise<void> {
    const snapshot = this.#registry.snapshot();
    const timeMs = this.#unusedTimeMs();
    const monotonic = this.#clock.monotonic();
    const line: MetricLine = {
      schema: METRIC_LINE_SCHEMA,
      version: METRIC_LINE_VERSION,
      time: new Date(timeMs).toISOString(),
      process: this.#process,
      spanMs: Math.round(monotonic - this.#lastMonotonic),
      end: isEnd,
      families: subtractSnapshot(snapshot, this.#lastSnapshot),
    };
    // The help of a metric is the same in every line, and no reader needs it.
    const text = JSON.stringify(line, (key, value) => key === "help" ? undefined : value);
    if (text.length > MAX_LINE_LENGTH) {
      throw new RangeError(`a line of ${text.length} characters is too long`);
    }
    await this.#append(this.path, text);
    this.#lastSnapshot = snapshot;
    this.#lastMonotonic = monotonic;
    this.#lastTimeMs = timeMs;
  }

  /**
   * The time of a new line: now, in whole milliseconds, or one later than that of the last line. Readers identify a line
   * by its process and time, so two lines need different ones.
   */
  #unusedTimeMs(): number {
    const nowMs = Math.floor(this.#clock.now());
    const behindMs = this.#lastTimeMs - nowMs;
    const isUsed = behindMs >= 0 && behindMs <= MAX_STEP_BACK_MS;
    return isUsed ? this.#lastTimeMs + 1 : nowMs;
  }
}
