/** One observation, or several equal ones, of a time until something happens. */
export interface Lifetime {
  /** How long it was observed; 0 or more. */
  readonly time: number;
  /** Whether the observation ended before it happened, so that the true time is longer (right-censored). */
  readonly isCensored: boolean;
  /**
   * How many observations are equal to this one.
   *
   * @default {1}
   */
  readonly count?: number | undefined;
}

/** A step of the survival curve, at a time at which something happened. */
interface SurvivalStep {
  /** The time. */
  readonly time: number;
  /** Number of observations that lasted at least as long. */
  readonly atRisk: number;
  /** Number of events at this time. */
  readonly events: number;
  /** Estimated probability that the time is longer than this one. */
  readonly survival: number;
}

/**
 * Estimate a survival curve from times of which some are censored (Kaplan and Meier, 1958). A censored observation
 * counts as at risk at its own time.
 *
 * @param lifetimes The observations, in any order
 * @returns The steps, by time
 * @throws {RangeError} If a time is negative or not finite, or a count is not a positive integer
 */
export function kaplanMeier(lifetimes: readonly Lifetime[]): readonly SurvivalStep[] {
  const totals = new Map<number, { events: number; all: number }>();
  let atRisk = 0;
  for (const { time, isCensored, count = 1 } of lifetimes) {
    if (!(time >= 0 && time < Infinity) || !Number.isSafeInteger(count) || count < 1) {
      throw new RangeError(`Cannot estimate survival: ${count} times ${time} is not valid`);
    }
    const total = totals.get(time) ?? { events: 0, all: 0 };
    total.all += count;
    if (!isCensored) total.events += count;
    totals.set(time, total);
    atRisk += count;
  }
  const steps: SurvivalStep[] = [];
  let survival = 1;
  for (const [time, { events, all }] of [...totals].sort(([a], [b]) => a - b)) {
    if (events > 0) {
      survival *= 1 - events / atRisk;
      steps.push({ time, atRisk, events, survival });
    }
    atRisk -= all;
  }
  return steps;
}

/**
 * Estimate a quantile of times of which some are censored: the first time at which the survival curve is at or below
 * 1 − `share`. Taking the quantile of the observed times alone would underestimate it.
 *
 * @param lifetimes The observations, in any order
 * @param share Which quantile to estimate, from 0 to 1
 * @returns The quantile; `null` if the curve does not fall that far, because the longest times are censored, or there are
 * no observations
 * @throws {RangeError} As {@linkcode kaplanMeier}, or if the share is not from 0 to 1
 */
export function censoredQuantile(lifetimes: readonly Lifetime[], share: number): number | null {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`Cannot take a quantile: ${share} is not from 0 to 1`);
  // Rounding must not move a step across the level.
  const level = 1 - share + 1e-12;
  return kaplanMeier(lifetimes).find(({ survival }) => survival <= level)?.time ?? null;
}
