/** Whether a host is slow, compared with its own usual speed. */
export interface SlowState {
  /** Since when its speed is low, in milliseconds since the epoch; `null` if it is not. */
  readonly lowSince: number | null;
  /** Whether that has lasted long enough. */
  readonly isSlow: boolean;
  /** The last ratio; `null` if there was none lately. */
  readonly ratio: number | null;
  /** When the last ratio was read, in milliseconds since the epoch. */
  readonly readAt: number;
}

/** State of a host that nothing is known about. */
export const NOT_SLOW: SlowState = { lowSince: null, isSlow: false, ratio: null, readAt: -Infinity };

/** Below this share of the usual speed, a host is slow. */
export const SLOW_BELOW = 1 / 5;
/** A slow host is no longer slow above this share: around one bound it would flutter. */
const FINE_ABOVE = 1 / 3;
/** How long the speed must be low, in milliseconds; the ratio itself is already that of the last ten seconds. */
const HOLD_MS = 10_000;
/** Without a new ratio for this long, in milliseconds, nothing is known any more. */
const FORGET_MS = 30_000;

/**
 * Decide whether a host is slow. This is a pure function.
 *
 * @param state The state before
 * @param reading Time in milliseconds since the epoch, and the speed as a share of the usual one; `null` if nothing was
 * measured; `since` is when the low speed began, if it is known
 * @returns The new state
 */
export function decideSlow(
  state: SlowState,
  reading: { readonly ratio: number | null; readonly now: number; readonly since?: number | undefined },
): SlowState {
  const { ratio, now, since = now } = reading;
  if (ratio === null) return now - state.readAt < FORGET_MS ? state : NOT_SLOW;
  const isLow = ratio < (state.isSlow ? FINE_ABOVE : SLOW_BELOW);
  if (!isLow) return { lowSince: null, isSlow: false, ratio, readAt: now };
  const lowSince = state.lowSince ?? since;
  return { lowSince, isSlow: now - lowSince >= HOLD_MS, ratio, readAt: now };
}

/**
 * Describe a share of the usual speed: `1/110 of its usual speed`, `1.4 times its usual speed`.
 *
 * @param ratio The share; 1 for the usual speed
 * @returns A phrase that follows the name of the host
 */
export function describeRatio(ratio: number): string {
  if (ratio >= 1.15) return `${ratio.toFixed(1)} times its usual speed`;
  if (ratio > 0.85) return "its usual speed";
  if (ratio > 0.5) return `${Math.round(ratio * 100)} % of its usual speed`;
  return `1/${Math.round(1 / Math.max(ratio, 1e-6))} of its usual speed`;
}
