/** The rungs of a ladder and how they are climbed. */
export interface ModeRules {
  /** From the boldest to the one in which nothing is done, two at least. */
  readonly rungs: readonly string[];
  /** Steps down are at least so far apart, in milliseconds; what was seen before a step does not count for the next. */
  readonly downDwellMs: number;
  /** A step down needs so many calls within a minute. */
  readonly downCalls: number;
  /** It is taken at this share of failures, from 0 to 1. */
  readonly downShare: number;
  /** A step up needs so long without trouble, in milliseconds; doubled by each relapse. */
  readonly upDwellMs: number;
  /** The longest that a step up may need, in milliseconds. */
  readonly maxUpDwellMs: number;
  /** Of so many calls within a minute a few may fail for a step up; of fewer, none. */
  readonly upCalls: number;
  /** With that many calls it is taken below this share of failures, from 0 to 1. */
  readonly upShare: number;
  /** A step down so soon after a step up, in milliseconds, is a relapse. */
  readonly relapseMs: number;
  /** After so long without a step down, in milliseconds, what relapses doubled is halved. */
  readonly calmMs: number;
  /** What we depend on is gone at this share of failures, from 0 to 1. */
  readonly goneShare: number;
  /** It is given up when it has been gone for so long, in milliseconds. */
  readonly goneMs: number;
  /** The last rung is left after so long, in milliseconds, or later after relapses. */
  readonly pauseMs: number;
}

/** The rungs, if nothing else is said. */
export const RUNGS = ["turbo", "parallel", "resilient", "stable", "paused"] as const;

/**
 * Fill in and check the rules of a ladder.
 *
 * @param options What differs from the defaults: down at 25 % of at least 20 calls, 30 s apart; up after a
 * minute below 5 % of at least 10 calls, or without a failure where there are fewer; doubled by relapses within 10 min up to an hour and halved after an hour of calm; paused
 * after 5 min without what we depend on, for 5 min
 * @returns The whole rules
 * @throws {RangeError} If there are fewer than two rungs, or one twice
 */
export function modeRules(options: Partial<ModeRules> = {}): ModeRules {
  const rules: ModeRules = {
    rungs: RUNGS,
    downDwellMs: 30_000,
    downCalls: 20,
    downShare: 0.25,
    upDwellMs: 60_000,
    maxUpDwellMs: 3_600_000,
    upCalls: 10,
    upShare: 0.05,
    relapseMs: 600_000,
    calmMs: 3_600_000,
    goneShare: 0.9,
    goneMs: 300_000,
    pauseMs: 300_000,
    ...options,
  };
  const { rungs } = rules;
  if (rungs.length < 2 || new Set(rungs).size < rungs.length) {
    throw new RangeError(`Cannot make a ladder of ${JSON.stringify(rungs)}: it needs two rungs or more, each once`);
  }
  return rules;
}
