import { join } from "node:path";
import { type Clock, ensurePrivateFolder, systemClock } from "../../base/mod.ts";
import { LogWriter } from "../../journal/mod.ts";
import type { TimedWait } from "./timed_wait.ts";
import type { EndedLine, ExpiredLine } from "./timeout_line.ts";

/** Options of {@linkcode TimeoutLog}. */
export interface TimeoutLogOptions {
  /** Called the first time that a line cannot be written. That line is lost. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /**
   * Time source; tests pass a fake clock.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** Name of the log in the folder of the logs. */
export const TIMEOUT_LOG_NAME = "timeouts.log";

/** When the file becomes `timeouts.log.1`, and how many such files are kept. */
const ROTATION = { maxBytes: 10 * 1024 * 1024, keep: 3 };
/** Length of the periods that are summed up in one line. */
const PERIOD_MS = 300_000;
/** Maximum number of groups in memory. When it is exceeded, the sums are written before the period is over. */
const MAX_GROUPS = 256;

/** Waits of one operation, step and host since the last line about them. */
interface Group {
  readonly operation: TimedWait["operation"];
  readonly step: TimedWait["step"];
  readonly host: string;
  /** The smallest limit of the waits in `waits`. */
  limitMs: number;
  count: number;
  /** Number of waits by their length, which is rounded up to two digits: at most 90 entries per power of ten. */
  readonly waits: Map<number, number>;
  /** Timeouts in a row. */
  streak: number;
}

/**
 * Writes `timeouts.log`: a line for each timeout at once, and a line of sums for the waits that ended in time, because a
 * good timeout cannot be learned from timeouts alone. Recording a wait takes a microsecond or two. Several processes
 * may write at the same time. A killed process loses the sums of the last period, but no timeout.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { TimeoutLog } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const folder = await Deno.makeTempDir();
 * const log = new TimeoutLog(folder);
 * const wait = { operation: "transfer", step: "headers", host: "example.com", limitMs: 30_000, attempt: 1 } as const;
 * log.record({ ...wait, outcome: "ok", elapsedMs: 1234, connectionAgeMs: 0 });
 * log.record({ ...wait, outcome: "timeout", elapsedMs: 30_000, connectionAgeMs: 0 });
 * log[Symbol.dispose]();
 * const lines = (await Deno.readTextFile(log.path)).trimEnd().split("\n").map((line) => JSON.parse(line));
 * assertEquals(lines.map(({ outcome }) => outcome), ["timeout", "ok"]);
 * assertEquals(lines[1].waits, [[1300, 1]]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class TimeoutLog implements Disposable {
  /** Path of `timeouts.log`. */
  readonly path: string;
  readonly #folder: string;
  readonly #options: TimeoutLogOptions;
  readonly #clock: Clock;
  readonly #groups = new Map<string, Group>();
  #startedAt: number;
  #writer: LogWriter | undefined;
  #hasWarned = false;

  /**
   * Start without touching the disk; the folder and the file are created with the first line.
   *
   * @param folder The folder of the file
   * @param options Observer and clock
   */
  constructor(folder: string, options: TimeoutLogOptions = {}) {
    const { clock = systemClock } = options;
    this.#folder = folder;
    this.#options = options;
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    this.path = join(folder, TIMEOUT_LOG_NAME);
  }

  /**
   * Record a wait. Never throws: a write error becomes a warning.
   *
   * @param wait The wait
   */
  record(wait: TimedWait): void {
    const group = this.#groupOf(wait);
    if (wait.outcome === "timeout") {
      group.streak++;
      const { operation, step, host, attempt } = wait;
      const line: ExpiredLine = {
        time: this.#timestamp(),
        outcome: "timeout",
        operation,
        step,
        host,
        limitMs: Math.round(wait.limitMs),
        elapsedMs: Math.round(wait.elapsedMs),
        connectionAgeMs: wait.connectionAgeMs === null ? null : Math.round(wait.connectionAgeMs),
        attempt,
        streak: group.streak,
      };
      this.#write([line]);
    } else {
      group.streak = 0;
      group.limitMs = group.count === 0 ? wait.limitMs : Math.min(group.limitMs, wait.limitMs);
      group.count++;
      const ms = roundUp(wait.elapsedMs);
      group.waits.set(ms, (group.waits.get(ms) ?? 0) + 1);
    }
    if (this.#clock.monotonic() - this.#startedAt >= PERIOD_MS || this.#groups.size > MAX_GROUPS) this.flush();
  }

  /** Write the sums of the current period. */
  flush(): void {
    const now = this.#clock.monotonic();
    const spanMs = Math.round(now - this.#startedAt);
    const time = this.#timestamp();
    const lines = Array.from(this.#groups.values()).filter((group) => group.count > 0).map((group): EndedLine => {
      const { operation, step, host, limitMs, count, waits } = group;
      return {
        time,
        outcome: "ok",
        operation,
        step,
        host,
        limitMs: Math.round(limitMs),
        spanMs,
        count,
        waits: [...waits].sort(([a], [b]) => a - b),
      };
    });
    for (const [key, group] of this.#groups) {
      group.count = 0;
      group.waits.clear();
      // A host with timeouts in a row is kept, because the row goes on.
      if (group.streak === 0 || this.#groups.size > MAX_GROUPS) this.#groups.delete(key);
    }
    this.#startedAt = now;
    if (lines.length > 0) this.#write(lines);
  }

  /** Write the sums of the current period and close the file. */
  [Symbol.dispose](): void {
    this.flush();
    this.#writer?.[Symbol.dispose]();
    this.#writer = undefined;
  }

  #groupOf({ operation, step, host, limitMs }: TimedWait): Group {
    const key = `${operation} ${step} ${host}`;
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const group = { operation, step, host, limitMs, count: 0, waits: new Map<number, number>(), streak: 0 };
    this.#groups.set(key, group);
    return group;
  }

  #timestamp(): string {
    return new Date(this.#clock.now()).toISOString();
  }

  #write(lines: readonly (EndedLine | ExpiredLine)[]): void {
    try {
      const writer = this.#writer ??= this.#open();
      for (const line of lines) writer.append(JSON.stringify(line));
    } catch (error) {
      if (this.#hasWarned) return;
      this.#hasWarned = true;
      const { onWarning = () => {} } = this.#options;
      onWarning(`Cannot write "${this.path}": ${error instanceof Error ? error.message : error}`);
    }
  }

  #open(): LogWriter {
    ensurePrivateFolder(this.#folder, { marker: TIMEOUT_LOG_NAME });
    return new LogWriter(this.path, { rotation: ROTATION });
  }
}

/** Round up to two digits, so that few different lengths occur and none is made shorter than it was. */
function roundUp(ms: number): number {
  let step = 1;
  while (ms > 100 * step) step *= 10;
  return Math.ceil(Math.max(0, ms) / step) * step;
}
