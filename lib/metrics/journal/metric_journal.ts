import { join } from "node:path";
import { type Clock, ensurePrivateFolder, systemClock } from "../../base/mod.ts";
import { appendLine } from "./_append_line.ts";
import { subtractSnapshot } from "../window/subtract_snapshot.ts";
import { MAX_METRIC_LINE_BYTES, METRIC_LINE_SCHEMA, METRIC_LINE_VERSION, type MetricLine } from "./metric_line.ts";
import type { MetricRegistry } from "../instruments/metric_registry.ts";
import type { MetricSnapshot } from "../metric_snapshot.ts";

/** The journal's name in its folder; older ones have `.1` and so on behind it. */
export const METRIC_JOURNAL_NAME = "metrics.jsonl";

/** Options of {@linkcode MetricJournal}. */
export interface MetricJournalOptions {
  /**
   * Milliseconds between lines.
   *
   * @default {10000}
   */
  readonly everyMs?: number | undefined;
  /** Called before each line, to set gauges; what it throws is a warning. */
  readonly onTick?: (() => void | Promise<void>) | undefined;
  /** Told once when lines cannot be written; what they hold is kept for a later line. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /**
   * A file of so many bytes is rotated.
   *
   * @default {10 MiB}
   */
  readonly maxBytes?: number | undefined;
  /**
   * Old files to keep.
   *
   * @default {3}
   */
  readonly keep?: number | undefined;
  /**
   * Appends one line, as a seam.
   *
   * @default {open, append, close, under rotation}
   */
  readonly append?: ((path: string, line: string) => Promise<void>) | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** Writes what a registry gained to a journal that many processes share: a line each ten seconds, the last at disposal. */
export class MetricJournal implements AsyncDisposable {
  /** The file. */
  readonly path: string;
  readonly #registry: MetricRegistry;
  readonly #onTick: () => void | Promise<void>;
  readonly #onWarning: (message: string) => void;
  readonly #append: (path: string, line: string) => Promise<void>;
  readonly #clock: Clock;
  readonly #process: string;
  readonly #stop = new AbortController();
  readonly #ticking: Promise<void>;
  #written: MetricSnapshot | undefined;
  #writtenAt: number;
  #lastTime = 0;
  #writing: Promise<void> = Promise.resolve();
  #hasWarned = false;
  #hasEnded = false;

  /**
   * Begin to write.
   *
   * @param folder Where; made when missing
   * @param registry What to write
   * @param options Rhythm, rotation, warnings, seams
   */
  constructor(folder: string, registry: MetricRegistry, options: MetricJournalOptions = {}) {
    const { everyMs = 10_000, maxBytes = 10 * 1024 * 1024, keep = 3, clock = systemClock } = options;
    this.path = join(folder, METRIC_JOURNAL_NAME);
    this.#registry = registry;
    this.#onTick = options.onTick ?? (() => {});
    this.#onWarning = options.onWarning ?? (() => {});
    this.#append = options.append ?? (async (path, line) => {
      ensurePrivateFolder(folder, { marker: METRIC_JOURNAL_NAME });
      await appendLine(path, line, { maxBytes, keep });
    });
    this.#clock = clock;
    this.#process = `${Deno.pid}-${Math.round(clock.now())}`;
    this.#writtenAt = clock.monotonic();
    this.#ticking = this.#tick(everyMs);
  }

  /** Write a line now, besides those of the rhythm. */
  flush(): Promise<void> {
    return this.#write(false);
  }

  /** Write the last line, and stop. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#stop.abort();
    await this.#ticking;
    await this.#write(true);
  }

  /** Beats are counted from the start, so that they do not drift; those that were missed are left out. */
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
      await this.#write(false);
    }
  }

  /** One line after another; none is lost by a failure, since its increments stay for the next. */
  #write(isEnd: boolean): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      try {
        await this.#onTick();
      } catch (error) {
        this.#warn("Cannot measure for", error);
      }
      await this.#writeLine(isEnd);
    }).catch((error: unknown) => this.#warn("Cannot write metrics to", error));
    return this.#writing;
  }

  #warn(what: string, error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#onWarning(`${what} "${this.path}": ${reason}; what was counted is written when it works again`);
  }

  async #writeLine(isEnd: boolean): Promise<void> {
    const now = this.#registry.snapshot();
    const at = this.#clock.now();
    const monotonic = this.#clock.monotonic();
    // Readers know a line by its process and time: two never share both.
    const time = Math.floor(at) === this.#lastTime ? this.#lastTime + 1 : Math.floor(at);
    const line: MetricLine = {
      schema: METRIC_LINE_SCHEMA,
      version: METRIC_LINE_VERSION,
      time: new Date(time).toISOString(),
      process: this.#process,
      spanMs: Math.round(monotonic - this.#writtenAt),
      end: isEnd,
      families: subtractSnapshot(now, this.#written),
    };
    const text = JSON.stringify(line, (key, value) => key === "help" ? undefined : value);
    if (text.length > MAX_METRIC_LINE_BYTES / 3) {
      throw new RangeError(`a line of ${text.length} characters is too long`);
    }
    await this.#append(this.path, text);
    this.#written = now;
    this.#writtenAt = monotonic;
    this.#lastTime = time;
  }
}
