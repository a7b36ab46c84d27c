/** The rungs of the ladder of engine modes, from the fastest to the one that waits for a person. */
export const RUNGS = ["turbo", "parallel", "resilient", "stable", "paused"];

/** Whether a rung is slower than another. */
export function isLower(rung, than) {
  return RUNGS.indexOf(rung) > RUNGS.indexOf(than);
}
