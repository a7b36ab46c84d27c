import { betaBelow } from "./_beta_below.ts";

/**
 * Find the rate at which the probability of `events` or more events is exactly `alpha` (Clopper and Pearson). Counts need
 * not be whole numbers: those of a sample with clusters are divided by its design effect.
 */
export function rateLowerEnd(events: number, trials: number, alpha: number): number {
  if (events <= 0) return 0;
  if (events >= trials) return alpha ** (1 / trials);
  let low = 0;
  let high = events / trials;
  // Bisection reaches the precision of a double in fewer than 100 steps, whatever the counts.
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (betaBelow(middle, events, trials - events + 1) < alpha) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
