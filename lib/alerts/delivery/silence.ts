import type { AlertState } from "../states/alert_state.ts";
import type { LabelMatcher } from "../rules/label_matcher.ts";

/** Alerts that nobody wants to hear of for a time. */
export interface Silence {
  /** To end it by. */
  readonly id: string;
  /** Which alerts; at least one condition. */
  readonly matchers: readonly LabelMatcher[];
  /** From when on, in milliseconds since the epoch. */
  readonly startsAt: number;
  /** Until when. */
  readonly endsAt: number;
  /** Who wanted it. */
  readonly author: string;
  /** The reason that the author gave. */
  readonly comment: string;
}

/** More than this would be a mistake of a script. */
const MAX_SILENCES = 500;
/** An ended silence can still be looked up for a day. */
const KEPT_MS = 86_400_000;

/**
 * Add a silence.
 *
 * @param state The state
 * @param silence The silence
 * @returns The new state
 * @throws {RangeError} If it has no condition, ends before it begins, or there are too many
 */
export function addSilence(state: AlertState, silence: Silence): AlertState {
  if (silence.matchers.length === 0) {
    throw new RangeError("Cannot add a silence: it has no matcher, and would hide all");
  }
  if (!(silence.endsAt > silence.startsAt)) throw new RangeError("Cannot add a silence: it ends before it begins");
  if (state.silences.length >= MAX_SILENCES) {
    throw new RangeError(`Cannot add a silence: there are ${MAX_SILENCES} already`);
  }
  return { ...state, silences: [...state.silences, silence] };
}

/**
 * End a silence now.
 *
 * @param state The state
 * @param id Which
 * @param now Milliseconds since the epoch
 * @returns The new state; `undefined` if there is no such silence, or it is over
 */
export function expireSilence(state: AlertState, id: string, now: number): AlertState | undefined {
  const found = state.silences.find((silence) => silence.id === id && silence.endsAt > now);
  if (found === undefined) return undefined;
  const ended = { ...found, startsAt: Math.min(found.startsAt, now), endsAt: now };
  return { ...state, silences: state.silences.map((silence) => silence === found ? ended : silence) };
}

/**
 * The silences worth keeping.
 *
 * @param silences All
 * @param now Milliseconds since the epoch
 * @returns Those that are to come, are, or ended less than a day ago
 */
export function keptSilences(silences: readonly Silence[], now: number): readonly Silence[] {
  return silences.filter((silence) => silence.endsAt > now - KEPT_MS);
}
