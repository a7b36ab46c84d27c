import type { Clock } from "../../base/mod.ts";

/** A time that does not count as work, or a clock that was set. */
export interface SoakGap {
  /**
   * `suspended`: this process did not run. `clock`: the wall clock was set, or the machine slept. `restart`: the run was
   * resumed by another process.
   */
  readonly kind: "suspended" | "clock" | "restart";
  /** ISO 8601 UTC, when it was noticed. */
  readonly at: string;
  /** Milliseconds of the run, when it was noticed. */
  readonly atMs: number;
  /** How long, in milliseconds; negative for a clock that was set back. */
  readonly lengthMs: number;
}

/** A wait that ends this much too late was no wait: the process was stopped. */
const LATE_MS = 5000;
/** Two clocks that part by this much between two looks have been set. */
const JUMP_MS = 2000;

/** The time of a run: goes on while the run works, and stands while the process is stopped. */
export class RunTimeline {
  readonly #clock: Clock;
  readonly #onGap: (gap: SoakGap) => void;
  #coveredMs: number;
  #monotonic: number;
  #wall: number;
  #restMs = Infinity;

  /**
   * Begin.
   *
   * @param clock Time
   * @param options Where an earlier process stopped, and who is told of gaps
   */
  constructor(clock: Clock, options: { readonly coveredMs: number; readonly onGap: (gap: SoakGap) => void }) {
    this.#clock = clock;
    this.#coveredMs = options.coveredMs;
    this.#onGap = options.onGap;
    this.#monotonic = clock.monotonic();
    this.#wall = clock.now();
  }

  /** Milliseconds that the run has worked. */
  get coveredMs(): number {
    const passed = this.#clock.monotonic() - this.#monotonic;
    return this.#coveredMs + (passed - this.#restMs > LATE_MS ? this.#restMs : passed);
  }

  /** Say how long the next look is away at most. */
  expect(restMs: number): void {
    this.#restMs = restMs;
  }

  /** Look at the clocks; finds gaps. */
  look(): void {
    const monotonic = this.#clock.monotonic();
    const wall = this.#clock.now();
    const passed = monotonic - this.#monotonic;
    const wallPassed = wall - this.#wall;
    this.#monotonic = monotonic;
    this.#wall = wall;
    const lateMs = passed - this.#restMs;
    const isLate = lateMs > LATE_MS;
    this.#coveredMs += isLate ? this.#restMs : passed;
    if (isLate) this.#tell("suspended", lateMs, wall);
    if (Math.abs(wallPassed - passed) > JUMP_MS) this.#tell("clock", wallPassed - passed, wall);
  }

  #tell(kind: SoakGap["kind"], lengthMs: number, wall: number): void {
    this.#onGap({
      kind,
      at: new Date(wall).toISOString(),
      atMs: Math.round(this.#coveredMs),
      lengthMs: Math.round(lengthMs),
    });
  }
}
