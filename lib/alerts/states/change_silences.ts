import type { AlertState, Silence } from "./alert_state.ts";

/**
 * Silence an alert: nobody is notified that it fires. A silence of the same name is replaced.
 *
 * @param state The state to change
 * @param name `RULE` for all alerts of a rule, `RULE:VALUE` for those of which a label has that value
 * @param silence Its end, and the reason
 * @returns The new state
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { addSilence, EMPTY_ALERT_STATE } from "@civitai-dl/civitai-dl/alerts";
 *
 * const endsAt = Date.now() + 3_600_000;
 * const state = addSilence(EMPTY_ALERT_STATE, "HighDiskUsage", { endsAt, comment: "the disk is replaced tomorrow" });
 * assertEquals(Object.keys(state.silences), ["HighDiskUsage"]);
 * ```
 */
export function addSilence(state: AlertState, name: string, silence: Silence): AlertState {
  return { ...state, silences: { ...state.silences, [name]: silence } };
}

/**
 * End a silence.
 *
 * @param state The state to change
 * @param name The name that was silenced
 * @returns The new state; `undefined` if there is no such silence
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { addSilence, EMPTY_ALERT_STATE, expireSilence } from "@civitai-dl/civitai-dl/alerts";
 *
 * const state = addSilence(EMPTY_ALERT_STATE, "HighDiskUsage", { endsAt: Date.now() + 3_600_000, comment: "" });
 * assertEquals(expireSilence(state, "HighDiskUsage")?.silences, {});
 * assertEquals(expireSilence(state, "NoProgress"), undefined);
 * ```
 */
export function expireSilence(state: AlertState, name: string): AlertState | undefined {
  if (!Object.hasOwn(state.silences, name)) return undefined;
  const { [name]: _, ...silences } = state.silences;
  return { ...state, silences };
}

/** Drop silences that are over. */
export function dropEndedSilences(silences: AlertState["silences"], now: number): AlertState["silences"] {
  return Object.fromEntries(Object.entries(silences).filter(([, { endsAt }]) => endsAt > now));
}
