import { mapTimes } from "../rules/map_times.ts";
import type { AlertState } from "./alert_state.ts";

/**
 * Take a state over a clock that was set back: all that was going on moves with the clock, as if no time had passed
 * since the last evaluation. Silences stay, a person gave their hours.
 */
export function rebaseState(state: AlertState, now: number): AlertState {
  const shift = now - state.evaluatedAt;
  if (shift >= 0) return state;
  const { silences, ...rest } = state;
  return { ...mapTimes(rest, (ms) => ms === 0 ? 0 : ms + shift), silences };
}
