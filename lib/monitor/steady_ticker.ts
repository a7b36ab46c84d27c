import { type Clock, systemClock } from "../base/mod.ts";

/** Smaller steps of the wall clock are NTP corrections, and are not reported. */
const JUMP_MS = 1000;
/** Number of recent ticks from which the drift is computed. */
const DRIFT_TICKS = 100;

/** An irregularity of time between two ticks. */
interface TickGap {
  /**
   * - `stopped`: the process did not run while the clock advanced: SIGSTOP, or an overloaded machine
   * - `forward`: the wall clock advanced more than the monotonic clock: it was set ahead, or the machine slept
   * - `back`: the wall clock was set back
   */
  readonly kind: "stopped" | "forward" | "back";
  /** Length of the gap, in milliseconds; positive. */
  readonly ms: number;
}

/** One tick. */
export interface Tick {
  /** Number of the tick, from 0: it was due this many intervals after the start. */
  readonly number: number;
  /** Wall time, milliseconds since the epoch. */
  readonly now: number;
  /** Delay from its due time, in milliseconds. */
  readonly lateMs: number;
  /** Ticks that were skipped right before it, because the previous one took too long or the process was stopped. */
  readonly skipped: number;
  /** Irregularities of time since the previous tick; usually none. */
  readonly gaps: readonly TickGap[];
}

/** Options of {@linkcode SteadyTicker}. */
export interface SteadyTickerOptions {
  /** Time from one tick to the next, in milliseconds. */
  readonly intervalMs: number;
  /** Called when a tick throws; the next tick runs as planned. */
  readonly onError?: ((error: unknown, tick: Tick) => void) | undefined;
  /**
   * The clock; tests replace it.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** What a ticker measures about its own timing. */
interface SteadyTickerFigures {
  /** Ticks that started. */
  readonly ticks: number;
  /** Ticks that were skipped. */
  readonly skipped: number;
  /** Ticks that threw. */
  readonly failed: number;
  /** Gaps in time, of all kinds. */
  readonly gaps: number;
  /**
   * The median delay of the last 100 ticks, in milliseconds. A schedule that slips is visible here; a single tick that
   * a busy machine delayed is not.
   */
  readonly driftMs: number;
  /** The largest delay of a tick, in milliseconds, except ticks after a `stopped` gap. */
  readonly maxLateMs: number;
}

/**
 * Runs a callback at the start and after every interval, for days without drift: due times are counted from the start,
 * so neither the duration of ticks nor late timers add up. A tick longer than the interval skips the ticks that it
 * overlaps. They are counted, but never run later.
 */
export class SteadyTicker {
  readonly #intervalMs: number;
  readonly #onError: (error: unknown, tick: Tick) => void;
  readonly #clock: Clock;
  readonly #figures = { ticks: 0, skipped: 0, failed: 0, gaps: 0, maxLateMs: 0 };
  #lateMs: readonly number[] = [];

  /**
   * Create a ticker that is not running yet; `run` starts it.
   *
   * @throws {RangeError} If the interval is not a positive number
   */
  constructor(options: SteadyTickerOptions) {
    const { intervalMs, onError = () => {}, clock = systemClock } = options;
    if (!(intervalMs > 0 && Number.isFinite(intervalMs))) {
      throw new RangeError(`Cannot use an interval of ${intervalMs} ms: it must be a positive number`);
    }
    this.#intervalMs = intervalMs;
    this.#onError = onError;
    this.#clock = clock;
  }

  /** Counters and delays until now, over all calls of `run`. */
  get figures(): SteadyTickerFigures {
    const late = this.#lateMs.toSorted((a, b) => a - b);
    return { ...this.#figures, driftMs: late[Math.floor(late.length / 2)] ?? 0 };
  }

  /**
   * Tick until the signal aborts; a tick that is running then finishes first.
   *
   * @param work Called for each tick; what it throws goes to `onError`
   * @returns Never; rejects with the signal's reason
   */
  async run(work: (tick: Tick) => Promise<void> | void, options: { readonly signal: AbortSignal }): Promise<never> {
    const { signal } = options;
    const clock = this.#clock;
    const start = clock.monotonic();
    let number = -1;
    let freeAt = start;
    let offset = clock.now() - start;
    while (true) {
      const next = Math.max(number + 1, Math.ceil((freeAt - start) / this.#intervalMs));
      const waitMs = start + next * this.#intervalMs - clock.monotonic();
      if (waitMs > 0) await clock.sleep(waitMs, { signal });
      signal.throwIfAborted();
      const monotonicMs = clock.monotonic();
      // A stopped process may have missed several due times: this tick takes the number of the last one.
      const place = Math.max(next, Math.floor((monotonicMs - start) / this.#intervalMs));
      const now = clock.now();
      const gaps = findGaps({
        lateMs: monotonicMs - start - next * this.#intervalMs,
        jumpMs: now - monotonicMs - offset,
      }, place > next);
      offset = now - monotonicMs;
      const lateMs = Math.max(0, monotonicMs - start - place * this.#intervalMs);
      const tick: Tick = { number: place, now, lateMs, skipped: place - number - 1, gaps };
      number = place;
      await this.#work(work, tick);
      freeAt = clock.monotonic();
    }
  }

  async #work(work: (tick: Tick) => Promise<void> | void, tick: Tick): Promise<void> {
    const figures = this.#figures;
    figures.ticks++;
    figures.skipped += tick.skipped;
    figures.gaps += tick.gaps.length;
    this.#lateMs = [...this.#lateMs.slice(1 - DRIFT_TICKS), tick.lateMs];
    if (!tick.gaps.some((gap) => gap.kind === "stopped")) figures.maxLateMs = Math.max(figures.maxLateMs, tick.lateMs);
    try {
      await work(tick);
    } catch (error) {
      figures.failed++;
      this.#onError(error, tick);
    }
  }
}

/** A delay of a whole interval or more, while no tick was running, means that the process was stopped. */
function findGaps(times: { readonly lateMs: number; readonly jumpMs: number }, isLate: boolean): readonly TickGap[] {
  const gaps: TickGap[] = [];
  if (isLate) gaps.push({ kind: "stopped", ms: times.lateMs });
  if (times.jumpMs > JUMP_MS) gaps.push({ kind: "forward", ms: times.jumpMs });
  if (times.jumpMs < -JUMP_MS) gaps.push({ kind: "back", ms: -times.jumpMs });
  return gaps;
}
