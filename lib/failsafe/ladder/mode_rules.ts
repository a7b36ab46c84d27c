/** The modes of a ladder, and the rules for moving between them. */
export interface ModeRules {
  /** The modes, from the fastest to the one in which no work is done; at least two. */
  readonly rungs: readonly string[];
  /** Minimum time before a step down, in milliseconds since the last step; earlier observations do not count. */
  readonly downDwellMs: number;
  /** Minimum number of calls within a minute for a step down because of failures. */
  readonly downCalls: number;
  /** Share of failures for a step down, from 0 to 1. */
  readonly downShare: number;
  /** A step down follows when no byte has arrived for this long although work waits for some, in milliseconds. */
  readonly silentMs: number;
  /** After steps down because of a silence, bytes that arrive for this long end them all at once, in milliseconds. */
  readonly resumeMs: number;
  /** Time without trouble before a step up, in milliseconds; each relapse doubles it. */
  readonly upDwellMs: number;
  /** Maximum of `upDwellMs` after relapses, in milliseconds. */
  readonly maxUpDwellMs: number;
  /** From this number of calls within a minute, a few may fail before a step up; with fewer calls, none may. */
  readonly upCalls: number;
  /** With `upCalls` or more, the share of failures must be below this, from 0 to 1. */
  readonly upShare: number;
  /**
   * A step down within this time after a step up, in milliseconds, is a relapse. If the current `upDwellMs` is longer,
   * that applies instead.
   */
  readonly relapseMs: number;
  /** After this time without a step down, in milliseconds, the time that relapses have doubled is halved. */
  readonly calmMs: number;
  /** The dependencies are unavailable at this share of failures, from 0 to 1. */
  readonly goneShare: number;
  /**
   * The last mode is entered after the dependencies have been unavailable, or no byte has arrived, for this time, in
   * milliseconds.
   */
  readonly goneMs: number;
  /** The last mode is left after this time, in milliseconds; after relapses, it is left later. */
  readonly pauseMs: number;
}

/** The default modes, fastest first. */
export const RUNGS = ["turbo", "parallel", "resilient", "stable", "paused"] as const;

/**
 * Fill in and check the rules of a ladder.
 *
 * @param options Rules that differ from the defaults. By default, the ladder moves down if 25% of at least 20 calls
 * failed or no byte arrived for 30 s, at most every 30 s. It moves up after a minute in which less than 5% of at least 10 calls failed, or none of
 * fewer calls. Relapses within 10 min double that minute, up to an hour, and an hour without a step down halves it. The
 * ladder pauses for 5 min after the dependencies have been unavailable, or no byte has arrived, for 5 min
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
    silentMs: 30_000,
    resumeMs: 10_000,
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
