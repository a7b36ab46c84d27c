import type { ModeDecision, ModeMoment } from "./decide_mode.ts";
import type { ModeState } from "./mode_state.ts";

/**
 * Fix a rung by hand.
 *
 * @param state What is remembered
 * @param wish The rung, and for how long in milliseconds; until released when `null`
 * @param moment Time and rules
 * @returns The state from now on, and the step if there is one
 * @throws {RangeError} If there is no such rung
 */
export function holdMode(
  state: ModeState,
  wish: { readonly mode: string; readonly forMs: number | null },
  moment: Pick<ModeMoment, "now" | "rules">,
): ModeDecision {
  const { now, rules: { rungs } } = moment;
  const { mode: to, forMs } = wish;
  if (!rungs.includes(to)) throw new RangeError(`Cannot hold "${to}": the modes are ${rungs.join(", ")}`);
  const from = state.hold?.mode ?? state.mode;
  const held = { ...state, hold: { mode: to, since: now, until: forMs === null ? null : now + forMs } };
  return from === to ? { state: held } : { state: held, change: { from, to, reason: "held by hand" } };
}

/**
 * Let the ladder move again, from where it stood.
 *
 * @param state What is remembered
 * @param now Milliseconds since the epoch
 * @returns The state from now on, and the step if there is one
 */
export function releaseMode(state: ModeState, now: number): ModeDecision {
  const { hold, mode: to } = state;
  if (hold === null) return { state };
  const reason = "released by hand";
  const free = { ...state, hold: null, since: now, reason };
  return hold.mode === to ? { state: free } : { state: free, change: { from: hold.mode, to, reason } };
}

/**
 * Put the ladder on its first rung, as if nothing had happened.
 *
 * @param state What is remembered
 * @param moment Time and rules
 * @returns The state from now on, and the step if there is one
 */
export function resetMode(state: ModeState, moment: Pick<ModeMoment, "now" | "rules">): ModeDecision {
  const { now, rules } = moment;
  const from = state.hold?.mode ?? state.mode;
  const to = rules.rungs[0]!;
  const reason = "reset by hand";
  const reset: ModeState = {
    mode: to,
    since: now,
    reason,
    upDwellMs: rules.upDwellMs,
    raisedAt: null,
    loweredAt: now,
    easedAt: null,
    troubleAt: null,
    goneSince: null,
    hold: null,
  };
  return from === to ? { state: reset } : { state: reset, change: { from, to, reason } };
}
