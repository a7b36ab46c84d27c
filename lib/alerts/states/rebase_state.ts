import { mapTimes } from "./map_times.ts";
import type { AlertState } from "./alert_state.ts";

/**
 * Shift a state after the clock was set back: all times move with the clock, as if no time had passed since the last
 * evaluation. Silences keep their times, because a person chose them.
 */
export function rebaseState(state: AlertState, now: number): AlertState {
  const shift = now - state.evaluatedAt;
  if (shift >= 0) return state;
  const { silences, ...rest } = state;
  return { ...mapTimes(rest, (ms) => ms === 0 ? 0 : ms + shift), silences };
}
