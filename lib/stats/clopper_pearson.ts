import { betaBelow } from "./_beta_below.ts";

/** What {@linkcode clopperPearson} is told. */
export interface ClopperPearsonOptions {
  /** How often it happened: a whole number from 0 to `trials`. */
  readonly events: number;
  /** How often it could have happened, at least once. */
  readonly trials: number;
  /**
   * How sure the interval is to be, between 0 and 1.
   *
   * @default {0.95}
   */
  readonly confidence?: number | undefined;
  /**
   * Whether both ends are wanted, or all of the doubt is spent on one: `lower` leaves the upper end at 1, `upper` the
   * lower one at 0.
   *
   * @default {"both"}
   */
  readonly side?: "both" | "lower" | "upper" | undefined;
}

/** An interval that a rate is in. */
export interface RateInterval {
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
}

/**
 * The interval of a rate from a count, exact for any count: Clopper and Pearson's. No event in 299 trials is an upper
 * end of 1 % at one-sided 95 %.
 *
 * @param options Count, confidence, side
 * @returns The interval
 * @throws {RangeError} If the counts are no counts, or the confidence is not between 0 and 1
 */
export function clopperPearson(options: ClopperPearsonOptions): RateInterval {
  const { events, trials, confidence = 0.95, side = "both" } = options;
  if (!Number.isSafeInteger(trials) || trials < 1 || !Number.isSafeInteger(events) || events < 0 || events > trials) {
    throw new RangeError(`Cannot bound a rate: ${events} of ${trials} is no count`);
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`Cannot bound a rate: confidence ${confidence} is not between 0 and 1`);
  }
  const doubt = side === "both" ? (1 - confidence) / 2 : 1 - confidence;
  return {
    low: side === "upper" ? 0 : lowerEnd(events, trials, doubt),
    high: side === "lower" ? 1 : 1 - lowerEnd(trials - events, trials, doubt),
  };
}

/** The rate at which so many events or more have exactly the chance `doubt`. */
function lowerEnd(events: number, trials: number, doubt: number): number {
  if (events === 0) return 0;
  if (events === trials) return doubt ** (1 / trials);
  let low = 0;
  let high = events / trials;
  // Halving down to the last bit of a number takes fewer than 100 steps at any count.
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (betaBelow(middle, events, trials - events + 1) < doubt) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
