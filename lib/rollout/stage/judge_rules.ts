/** When the judge lets a rollout advance, and when it ends it. Rates and shares are from 0 to 1. */
export interface JudgeRules {
  /** Rate of failed downloads that is normal: the null hypothesis of the sequential test. */
  readonly healthyRate: number;
  /** Rate of failed downloads that must be detected: the alternative. A rate of 30 % is always detected, and sooner. */
  readonly failingRate: number;
  /** Permitted probability per stage that a healthy canary is aborted because of its failures. */
  readonly alpha: number;
  /** Permitted probability that a failing or slow canary passes. */
  readonly beta: number;
  /** Decrease of the speed from which on a comparison counts as slow: 0.25 is a quarter less than the stable engine. */
  readonly maxDrop: number;
  /** Permitted probability per stage that a healthy canary is aborted because of its speed. */
  readonly speedAlpha: number;
  /** Downloads that each arm needs before the rollout advances; an abort needs none. */
  readonly minSamples: number;
}

/** The rules of a plan that states none. `docs/rollout.md` has the simulations behind them. */
export const DEFAULT_RULES: JudgeRules = {
  healthyRate: 0.01,
  failingRate: 0.05,
  alpha: 0.04,
  beta: 0.05,
  maxDrop: 0.25,
  speedAlpha: 0.001,
  minSamples: 50,
};
