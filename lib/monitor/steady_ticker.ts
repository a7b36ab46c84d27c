import { type Clock, systemClock } from "../base/mod.ts";

/** Below this a step of the wall clock is the work of NTP, and nobody's concern. */
const JUMP_MS = 1000;
/** Over so many ticks the drift is told. */
const DRIFT_TICKS = 100;

/** What happened to time between two ticks. */
export interface TickGap {
  /**
   * - `stopped`: the process did not run, though the clock did: SIGSTOP, or a machine without time for it
   * - `forward`: the wall clock went further than the time that passed: set ahead, or the machine slept
   * - `back`: the wall clock was set back
   */
  readonly kind: "stopped" | "forward" | "back";
  /** How much, in milliseconds; positive. */
  readonly ms: number;
}

/** One tick. */
export interface Tick {
  /** Its place in the plan: it was due at the start and so many intervals. */
  readonly number: number;
  /** Wall time, milliseconds since the epoch. */
  readonly now: number;
  /** How much after its moment it begins. */
  readonly lateMs: number;
  /** Ticks before it that were left out, because the one before took too long or the process stood still. */
  readonly skipped: number;
  /** What happened to time since the last tick. */
  readonly gaps: readonly TickGap[];
}

/** Options of {@linkcode SteadyTicker}. */
export interface SteadyTickerOptions {
  /** Time from one tick to the next, in milliseconds. */
  readonly intervalMs: number;
  /** Told when a tick throws; the next one comes all the same. */
  readonly onError?: ((error: unknown, tick: Tick) => void) | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** What a ticker has measured of itself. */
export interface SteadyTickerFigures {
  /** Ticks that began. */
  readonly ticks: number;
  /** Ticks that were left out. */
  readonly skipped: number;
  /** Ticks that threw. */
  readonly failed: number;
  /** Gaps in time that were noticed. */
  readonly gaps: number;
  /**
   * How much after their moments the last hundred ticks began, the median of them: a plan that slips shows here, one tick
   * that a busy machine held up does not.
   */
  readonly driftMs: number;
  /** The most that any tick was late, those after a `stopped` gap left out. */
  readonly maxLateMs: number;
}

/**
 * Calls back at the start and every interval after it, for days: the moments are counted from the start, so that the
 * time that a tick takes, and the lateness of timers, do not add up. A tick that takes longer than an interval costs the
 * ticks that it covers; they are counted, never made up for.
 */
export class SteadyTicker {
  readonly #intervalMs: number;
  readonly #onError: (error: unknown, tick: Tick) => void;
  readonly #clock: Clock;
  readonly #figures = { ticks: 0, skipped: 0, failed: 0, gaps: 0, maxLateMs: 0 };
  #lateMs: readonly number[] = [];

  /**
   * Make one.
   *
   * @param options Interval, errors, clock
   * @throws {RangeError} If the interval is not a positive number
   */
  constructor(options: SteadyTickerOptions) {
    const { intervalMs, onError = () => {}, clock = systemClock } = options;
    if (!(intervalMs > 0 && Number.isFinite(intervalMs))) throw new RangeError(`No interval: ${intervalMs} ms`);
    this.#intervalMs = intervalMs;
    this.#onError = onError;
    this.#clock = clock;
  }

  /** What was measured so far. */
  get figures(): SteadyTickerFigures {
    const late = this.#lateMs.toSorted((a, b) => a - b);
    return { ...this.#figures, driftMs: late[Math.floor(late.length / 2)] ?? 0 };
  }

  /**
   * Tick until the signal aborts; a tick that is under way then is waited for.
   *
   * @param work What to do at each tick
   * @param options The signal that ends it
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
      const at = clock.monotonic();
      // A process that stood still may have slept through several moments: this tick stands for the last of them.
      const place = Math.max(next, Math.floor((at - start) / this.#intervalMs));
      const now = clock.now();
      const gaps = findGaps({ lateMs: at - start - next * this.#intervalMs, jumpMs: now - at - offset }, place > next);
      offset = now - at;
      const lateMs = Math.max(0, at - start - place * this.#intervalMs);
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

/** Lateness of a whole interval, when nothing of ours was running, is a process that did not run. */
function findGaps(times: { readonly lateMs: number; readonly jumpMs: number }, isLate: boolean): readonly TickGap[] {
  const gaps: TickGap[] = [];
  if (isLate) gaps.push({ kind: "stopped", ms: times.lateMs });
  if (times.jumpMs > JUMP_MS) gaps.push({ kind: "forward", ms: times.jumpMs });
  if (times.jumpMs < -JUMP_MS) gaps.push({ kind: "back", ms: -times.jumpMs });
  return gaps;
}
