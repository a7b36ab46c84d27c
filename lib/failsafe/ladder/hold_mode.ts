import type { DecideModeOptions, ModeDecision } from "./decide_mode.ts";
import type { ModeState } from "../state/mode_state.ts";
import { MODE_REASONS, toReason } from "../reason.ts";

/**
 * Hold a mode manually.
 *
 * @param state The current state
 * @param request The mode, and the duration in milliseconds; with `null`, the mode is held until it is released
 * @param options Time and rules
 * @returns The new state and the transition, if any
 * @throws {RangeError} If there is no such mode
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { freshMode, holdMode, modeRules } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const rules = modeRules();
 * const { change } = holdMode(freshMode(rules, 0), { mode: "stable", forMs: 60_000 }, { now: 0, rules });
 * assertEquals([change?.from, change?.to, change?.reason], ["turbo", "stable", "held manually"]);
 * ```
 */
export function holdMode(
  state: ModeState,
  request: { readonly mode: string; readonly forMs: number | null },
  options: Pick<DecideModeOptions, "now" | "rules">,
): ModeDecision {
  const { now, rules: { rungs } } = options;
  const { mode: to, forMs } = request;
  if (!rungs.includes(to)) throw new RangeError(`Cannot hold "${to}": the modes are ${rungs.join(", ")}`);
  const from = state.hold?.mode ?? state.mode;
  const held = { ...state, hold: { mode: to, since: now, until: forMs === null ? null : now + forMs } };
  return from === to
    ? { state: held }
    : { state: held, change: { from, to, isHeld: true, ...toReason(MODE_REASONS.held) } };
}

/**
 * End a hold. The ladder continues from the mode that it had before the hold.
 *
 * @param state The current state
 * @param now Milliseconds since the epoch
 * @returns The new state and the transition, if any
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { freshMode, holdMode, modeRules, releaseMode } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const rules = modeRules();
 * const held = holdMode(freshMode(rules, 0), { mode: "stable", forMs: null }, { now: 0, rules }).state;
 * const { change } = releaseMode(held, 60_000);
 * assertEquals([change?.from, change?.to, change?.reason], ["stable", "turbo", "released manually"]);
 * ```
 */
export function releaseMode(state: ModeState, now: number): ModeDecision {
  const { hold, mode: to } = state;
  if (hold === null) return { state };
  const reason = toReason(MODE_REASONS.released);
  const released = { ...state, hold: null, since: now, ...reason };
  return hold.mode === to
    ? { state: released }
    : { state: released, change: { from: hold.mode, to, isHeld: false, ...reason } };
}

/**
 * Move the ladder back to its first mode, and end any hold. Earlier relapses no longer count.
 *
 * @param state The current state
 * @param options Time and rules
 * @returns The new state and the transition, if any
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { freshMode, modeRules, resetMode } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const rules = modeRules();
 * const lowered = { ...freshMode(rules, 0), mode: "resilient" };
 * const { change } = resetMode(lowered, { now: 60_000, rules });
 * assertEquals([change?.from, change?.to, change?.reason], ["resilient", "turbo", "reset manually"]);
 * ```
 */
export function resetMode(state: ModeState, options: Pick<DecideModeOptions, "now" | "rules">): ModeDecision {
  const { now, rules } = options;
  const from = state.hold?.mode ?? state.mode;
  const to = rules.rungs[0]!;
  const reason = toReason(MODE_REASONS.reset);
  const reset: ModeState = {
    mode: to,
    since: now,
    ...reason,
    upDwellMs: rules.upDwellMs,
    raisedAt: null,
    loweredAt: now,
    easedAt: null,
    troubleAt: null,
    unavailableSince: null,
    silence: null,
    hold: null,
  };
  return from === to ? { state: reset } : { state: reset, change: { from, to, isHeld: false, ...reason } };
}
