/** How long work has waited for bytes without any; plain data, times in monotonic milliseconds. */
export interface ByteSilence {
  /** Time waited since the last byte, in milliseconds. */
  readonly silentMs: number;
  /** When this was computed. */
  readonly at: number;
  /** Whether anything waits for the network. */
  readonly isPending: boolean;
  /** Until when a wait is expected, because the server asked for it or a person blocked the host. */
  readonly excusedUntil: number;
}

/**
 * A longer time between two looks does not count in full, in milliseconds: the process was stopped, or the machine
 * slept, and nothing could arrive.
 */
const MAX_GAP_MS = 10_000;

/** Start with nothing that waits. */
export function freshSilence(at: number): ByteSilence {
  return { silentMs: 0, at, isPending: false, excusedUntil: at };
}

/** Add the time that has passed, if something waited for bytes in it and no wait was expected. */
export function advanceSilence(state: ByteSilence, now: number): ByteSilence {
  if (now <= state.at) return state;
  const from = Math.max(state.at, state.excusedUntil);
  const waitedMs = state.isPending ? Math.min(MAX_GAP_MS, Math.max(0, now - from)) : 0;
  return { ...state, at: now, silentMs: state.silentMs + waitedMs };
}

/** Expect a wait from now on. */
export function excuseSilence(state: ByteSilence, waitMs: number): ByteSilence {
  return { ...state, excusedUntil: Math.max(state.excusedUntil, state.at + waitMs) };
}
