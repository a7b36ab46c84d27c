import type { Clock } from "../../base/mod.ts";

/** A period that does not count as time of the run, or a jump of the wall clock. */
export interface SoakGap {
  /**
   * `suspended`: this process did not run. `clock`: the wall clock was set, or the machine slept. `restart`: another
   * process resumed the run.
   */
  readonly kind: "suspended" | "clock" | "restart";
  /** When it was detected, in ISO 8601, UTC. */
  readonly at: string;
  /** When it was detected, in milliseconds of the run. */
  readonly atMs: number;
  /** The length in milliseconds; negative if the clock was set back. */
  readonly lengthMs: number;
}

/** A sleep that ends later than expected by more than this means that the process was suspended. */
const LATE_MS = 5000;
/** If wall clock and monotonic clock diverge by more than this between two checks, the wall clock jumped. */
const JUMP_MS = 2000;

/**
 * The clock of a run: it advances while the run works, and stops while the process is suspended.
 */
export class RunTimeline {
  readonly #clock: Clock;
  readonly #onGap: (gap: SoakGap) => void;
  #coveredMs: number;
  #monotonic: number;
  #wall: number;
  #restMs = Infinity;

  /**
   * Start the timeline.
   *
   * @param clock The source of wall-clock and monotonic time
   * @param options The milliseconds covered by earlier sessions, and a callback for each gap
   */
  constructor(clock: Clock, options: { readonly coveredMs: number; readonly onGap: (gap: SoakGap) => void }) {
    this.#clock = clock;
    this.#coveredMs = options.coveredMs;
    this.#onGap = options.onGap;
    this.#monotonic = clock.monotonic();
    this.#wall = clock.now();
  }

  /** The time of the run so far in milliseconds, without gaps. */
  get coveredMs(): number {
    const passed = this.#clock.monotonic() - this.#monotonic;
    return this.#coveredMs + (passed - this.#restMs > LATE_MS ? this.#restMs : passed);
  }

  /**
   * Announce the maximum time until the next `update`, in milliseconds. If it is exceeded by more than 5 s, this counts
   * as a gap.
   */
  announceRest(restMs: number): void {
    this.#restMs = restMs;
  }

  /** Read the clocks, advance the timeline and report gaps. */
  update(): void {
    const monotonic = this.#clock.monotonic();
    const wall = this.#clock.now();
    const passed = monotonic - this.#monotonic;
    const wallPassed = wall - this.#wall;
    this.#monotonic = monotonic;
    this.#wall = wall;
    const lateMs = passed - this.#restMs;
    const isLate = lateMs > LATE_MS;
    this.#coveredMs += isLate ? this.#restMs : passed;
    if (isLate) this.#reportGap("suspended", lateMs, wall);
    if (Math.abs(wallPassed - passed) > JUMP_MS) this.#reportGap("clock", wallPassed - passed, wall);
  }

  #reportGap(kind: SoakGap["kind"], lengthMs: number, wall: number): void {
    this.#onGap({
      kind,
      at: new Date(wall).toISOString(),
      atMs: Math.round(this.#coveredMs),
      lengthMs: Math.round(lengthMs),
    });
  }
}
