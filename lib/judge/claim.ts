import type { Limit } from "./requirement.ts";

/**
 * The verdict on a claim: `inconclusive` if the numbers allow both answers, `not evaluated` if there are none. Neither
 * ever counts as a pass.
 */
export type Verdict = "pass" | "fail" | "inconclusive" | "not evaluated";

/**
 * How a claim is judged:
 * - `rate`: events in trials, by exact one-sided bounds
 * - `interval`: an estimate, by the ends of its interval
 * - `growth`: what a series gains in a day, by its interval and by whether it rises at all
 * - `ratio`: two samples, by rank tests against the limit, adjusted by Holm for all such claims together; runs of equal
 *   code must differ by less than the limit allows
 * - `amount`: an exact number
 * - `stated`: by the verdict of whoever looked
 */
export type ClaimKind = "rate" | "interval" | "growth" | "ratio" | "amount" | "stated";

/** What was measured, before it is judged. */
export interface Measured {
  /** Name of the claim, such as `timeout_rate`. */
  readonly id: string;
  /** How it is judged. */
  readonly kind: ClaimKind;
  /** Unit of the estimate, its interval and the limit, such as `rate`, `ratio`, `bytes` or `ms`; empty for a count. */
  readonly unit: string;
  /** Number of trials, runs or samples; 0 if nothing was measured. */
  readonly trials: number;
  /** What the trials are, in the plural, such as `files`; absent if the unit or the condition says so. */
  readonly counted?: string | undefined;
  /** The number itself; of a `rate`, it is computed. */
  readonly estimate?: number | null | undefined;
  /** How often the event of a `rate` occurred. */
  readonly events?: number | null | undefined;
  /** Lower end of an interval, or a single lower bound; of a `rate`, it is computed. */
  readonly low?: number | null | undefined;
  /** Upper end of an interval, or a single upper bound; of a `rate`, it is computed. */
  readonly high?: number | null | undefined;
  /** Confidence of the interval, from 0 to 1. */
  readonly confidence?: number | null | undefined;
  /** What the report's own command requires of the number, or of a `stated` claim, in words; `null` for nothing. */
  readonly requirement: Limit | string | null;
  /** The samples of a `ratio`. */
  readonly samples?: RatioSamples | undefined;
  /** What is known about the series of a `growth` besides its slope. */
  readonly series?: GrowthSeries | undefined;
  /** The verdict of a `stated` claim. */
  readonly verdict?: Verdict | undefined;
  /** Why the claim has failed whatever its numbers are, such as a run that exited with 1; absent if they decide. */
  readonly failure?: string | undefined;
  /** Why the numbers prove nothing, although they may refute; absent if they do. */
  readonly reservation?: string | undefined;
  /** A remark for the reader; absent if there is none. */
  readonly note?: string | undefined;
}

/** A claim with its numbers and its verdict. */
export interface Claim extends Measured {
  /** The point estimate, or the exact number; `null` if there is none. */
  readonly estimate: number | null;
  /** Number of events; `null` if the claim counts none. */
  readonly events: number | null;
  /** Lower end of the interval; `null` if there is none. */
  readonly low: number | null;
  /** Upper end of the interval; `null` if there is none. */
  readonly high: number | null;
  /** Confidence of the interval; `null` if there is none. */
  readonly confidence: number | null;
  /** The verdict. */
  readonly verdict: Verdict;
  /** Reason for the verdict, if the numbers do not show it; otherwise empty. */
  readonly reason: string;
  /** What the tests of a `ratio` found. */
  readonly tests?: RatioEvidence | undefined;
}

/** Two samples, of which a claim states the ratio. */
export interface RatioSamples {
  /** The numerators, all positive and finite. */
  readonly values: readonly number[];
  /** The denominators, all positive and finite. */
  readonly base: readonly number[];
  /** How much runs of equal code differ, as a fraction; `null` if that is unknown. */
  readonly floor: number | null;
}

/** What the samples of a claim show about its ratio, together with those of all other claims. */
export interface RatioEvidence {
  /** A small one shows that the ratio is below the limit; one-sided, adjusted for the family. */
  readonly pBelow: number;
  /** A small one shows that the ratio is above the limit; one-sided, adjusted for the family. */
  readonly pAbove: number;
  /** Number of claims that were tested together. */
  readonly family: number;
}

/** What is known about a series whose growth is judged. */
export interface GrowthSeries {
  /**
   * Whether it rises by the rule for short runs; `null` if there are too few points for it. A slope alone would accuse a
   * healthy process whose memory or files go up and down.
   */
  readonly rises: boolean | null;
  /** How long one process was watched, in milliseconds. */
  readonly watchedMs: number;
  /** The warm-up, in milliseconds: what a younger process gains may be warm-up, so that it never passes. */
  readonly warmUpMs: number;
}
