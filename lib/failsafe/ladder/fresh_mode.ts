import type { ModeRules } from "./mode_rules.ts";
import type { ModeState } from "../state/mode_state.ts";

/**
 * Create the state of a new ladder.
 *
 * @param rules The rules of the ladder
 * @param now Milliseconds since the epoch
 * @returns The first mode, without history
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { freshMode, modeRules } from "@civitai-dl/civitai-dl/failsafe";
 *
 * assertEquals(freshMode(modeRules(), Date.now()).mode, "turbo");
 * ```
 */
export function freshMode(rules: ModeRules, now: number): ModeState {
  return {
    mode: rules.rungs[0]!,
    since: now,
    reason: null,
    ja: { reason: null },
    upDwellMs: rules.upDwellMs,
    raisedAt: null,
    loweredAt: null,
    easedAt: null,
    troubleAt: null,
    unavailableSince: null,
    silence: null,
    hold: null,
  };
}
