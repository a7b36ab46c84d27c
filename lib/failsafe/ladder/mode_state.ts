import type { ModeRules } from "./mode_rules.ts";

/** A mode that a person has fixed. */
export interface ModeHold {
  /** The rung. */
  readonly mode: string;
  /** Milliseconds since the epoch; `null` until it is released. */
  readonly until: number | null;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** All that a ladder remembers; data only, times in milliseconds since the epoch. */
export interface ModeState {
  /** The rung that the ladder stands on, whatever is held. */
  readonly mode: string;
  /** Since when. */
  readonly since: number;
  /** Why; `null` before the first step. */
  readonly reason: string | null;
  /** How long the next step up needs, in milliseconds. */
  readonly upDwellMs: number;
  /** The last step up. */
  readonly raisedAt: number | null;
  /** The last step down. */
  readonly loweredAt: number | null;
  /** When `upDwellMs` was last halved. */
  readonly easedAt: number | null;
  /** When there was trouble last. */
  readonly troubleAt: number | null;
  /** Since when what we depend on is gone. */
  readonly goneSince: number | null;
  /** What a person has fixed. */
  readonly hold: ModeHold | null;
}

/**
 * A ladder on its first rung.
 *
 * @param rules Its rules
 * @param now Milliseconds since the epoch
 * @returns The state
 */
export function freshMode(rules: ModeRules, now: number): ModeState {
  return {
    mode: rules.rungs[0]!,
    since: now,
    reason: null,
    upDwellMs: rules.upDwellMs,
    raisedAt: null,
    loweredAt: null,
    easedAt: null,
    troubleAt: null,
    goneSince: null,
    hold: null,
  };
}
