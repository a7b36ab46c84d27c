import type { ModeState } from "../state/mode_state.ts";

/**
 * Move times that are in the future to `now`. After the clock was set back, waits must not last as long as it was
 * ahead.
 */
export function clampModeTimes(state: ModeState, now: number): ModeState {
  const times = [state.since, state.raisedAt, state.loweredAt, state.easedAt, state.troubleAt, state.unavailableSince];
  const { silence } = state;
  times.push(silence?.at ?? null, silence?.resumedAt ?? null);
  const latest = Math.max(...times.map((time) => time ?? -Infinity), state.hold?.since ?? -Infinity);
  if (latest <= now) return state;
  const clampToNow = (time: number | null): number | null => time === null ? null : Math.min(time, now);
  const { hold } = state;
  const until = hold === null || hold.until === null ? null : Math.min(hold.until, now + (hold.until - hold.since));
  return {
    ...state,
    since: Math.min(state.since, now),
    raisedAt: clampToNow(state.raisedAt),
    loweredAt: clampToNow(state.loweredAt),
    easedAt: clampToNow(state.easedAt),
    troubleAt: clampToNow(state.troubleAt),
    unavailableSince: clampToNow(state.unavailableSince),
    silence: silence === null
      ? null
      : { ...silence, at: Math.min(silence.at, now), resumedAt: clampToNow(silence.resumedAt) },
    hold: hold === null ? null : { ...hold, since: Math.min(hold.since, now), until },
  };
}
