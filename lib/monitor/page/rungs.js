/** The modes of the failsafe, from the fastest profile to `paused`. */
export const RUNGS = ["turbo", "parallel", "resilient", "stable", "paused"];

/** Whether a mode is slower than another. */
export function isLower(rung, than) {
  return RUNGS.indexOf(rung) > RUNGS.indexOf(than);
}
