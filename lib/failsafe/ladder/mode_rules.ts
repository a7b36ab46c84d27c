/** The modes of a ladder, and when it moves between them. */
export interface ModeRules {
  /** The modes, from the fastest to the one in which no work is done; at least two. */
  readonly rungs: readonly string[];
  /** Minimum time before a step down, in milliseconds since the last step; earlier observations do not count. */
  readonly downDwellMs: number;
  /** Minimum of calls within a minute for a step down because of failures. */
  readonly downCalls: number;
  /** Share of failures for a step down, from 0 to 1. */
  readonly downShare: number;
  /** Time without trouble before a step up, in milliseconds; each relapse doubles it. */
  readonly upDwellMs: number;
  /** Maximum of that time after relapses, in milliseconds. */
  readonly maxUpDwellMs: number;
  /** From this number of calls within a minute, a few may fail before a step up; with fewer calls, none may. */
  readonly upCalls: number;
  /** With `upCalls` or more, the share of failures must be below this, from 0 to 1. */
  readonly upShare: number;
  /** A step down within this time after a step up is a relapse, in milliseconds; at least the current `upDwellMs`. */
  readonly relapseMs: number;
  /** After this time without a step down, the time doubled by relapses is halved, in milliseconds. */
  readonly calmMs: number;
  /** The dependencies are unavailable at this share of failures, from 0 to 1. */
  readonly goneShare: number;
  /** The last mode is entered when the dependencies have been unavailable for this time, in milliseconds. */
  readonly goneMs: number;
  /** The last mode is left after this time, in milliseconds; later after relapses. */
  readonly pauseMs: number;
}

/** The default modes, fastest first. */
export const RUNGS = ["turbo", "parallel", "resilient", "stable", "paused"] as const;

/**
 * Fill in and check the rules of a ladder.
 *
 * @param options Rules that differ from the defaults. By default the ladder moves down if 25 % of at least 20 calls
 * failed, at most every 30 s; up after a minute with less than 5 % failures of at least 10 calls, or without a failure
 * of fewer calls; relapses within 10 min double that minute, up to an hour, and an hour of calm halves it; the ladder
 * pauses for 5 min after 5 min without the dependencies
 * @returns The complete rules
 * @throws {RangeError} If there are fewer than two modes, or one occurs twice
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { modeRules } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const { rungs, pauseMs } = modeRules({ rungs: ["fast", "careful", "paused"], pauseMs: 60_000 });
 * assertEquals([rungs.at(-1), pauseMs], ["paused", 60_000]);
 * ```
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
    throw new RangeError(`Cannot make a ladder of ${JSON.stringify(rungs)}: it needs at least two different modes`);
  }
  return rules;
}
