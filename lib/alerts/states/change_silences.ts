import type { Silence } from "./silence.ts";
import type { AlertState } from "./alert_state.ts";

/** Maximum number of silences; only a faulty script adds more. */
const MAX_SILENCES = 500;
/** How long an ended silence is kept in the list: one day. */
const KEPT_MS = 86_400_000;

/**
 * Add a silence.
 *
 * @param state The state to change
 * @param silence The silence to add
 * @returns The new state
 * @throws {RangeError} If it has no matcher, does not end after it begins, or 500 are stored already
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { addSilence, EMPTY_ALERT_STATE, parseLabelMatcher } from "@civitai-dl/civitai-dl/alerts";
 *
 * const now = Date.now();
 * const state = addSilence(EMPTY_ALERT_STATE, {
 *   id: "s1",
 *   matchers: [parseLabelMatcher("host=cdn")],
 *   startsAt: now,
 *   endsAt: now + 3_600_000,
 *   author: "me",
 *   comment: "the host is under maintenance",
 * });
 * assertEquals(state.silences.map(({ id }) => id), ["s1"]);
 * ```
 */
export function addSilence(state: AlertState, silence: Silence): AlertState {
  if (silence.matchers.length === 0) {
    throw new RangeError("Cannot add a silence: it has no matcher and would mute all alerts");
  }
  if (!(silence.endsAt > silence.startsAt)) throw new RangeError("Cannot add a silence: it must end after it begins");
  if (state.silences.length >= MAX_SILENCES) {
    throw new RangeError(`Cannot add a silence: there are ${MAX_SILENCES} already`);
  }
  return { ...state, silences: [...state.silences, silence] };
}

/**
 * End a silence now.
 *
 * @param state The state to change
 * @param id The id of the silence
 * @param now Milliseconds since the epoch
 * @returns The new state; `undefined` if there is no such silence, or it is over
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { addSilence, EMPTY_ALERT_STATE, expireSilence, parseLabelMatcher } from "@civitai-dl/civitai-dl/alerts";
 *
 * const now = Date.UTC(2026, 0, 1);
 * const state = addSilence(EMPTY_ALERT_STATE, {
 *   id: "s1",
 *   matchers: [parseLabelMatcher("host=cdn")],
 *   startsAt: now,
 *   endsAt: now + 3_600_000,
 *   author: "me",
 *   comment: "the host is under maintenance",
 * });
 * assertEquals(expireSilence(state, "s1", now + 60_000)?.silences[0]?.endsAt, now + 60_000);
 * assertEquals(expireSilence(state, "s2", now + 60_000), undefined);
 * ```
 */
export function expireSilence(state: AlertState, id: string, now: number): AlertState | undefined {
  const found = state.silences.find((silence) => silence.id === id && silence.endsAt > now);
  if (found === undefined) return undefined;
  const ended = { ...found, startsAt: Math.min(found.startsAt, now), endsAt: now };
  return { ...state, silences: state.silences.map((silence) => silence === found ? ended : silence) };
}

/**
 * Drop silences that ended a day ago or earlier.
 *
 * @param silences All stored silences
 * @param now Milliseconds since the epoch
 * @returns Silences that are coming or active, or ended less than a day ago
 */
export function dropOldSilences(silences: readonly Silence[], now: number): readonly Silence[] {
  return silences.filter((silence) => silence.endsAt > now - KEPT_MS);
}
