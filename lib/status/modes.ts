import type { StatusModeName } from "./status_document.ts";

/** The modes of the failsafe, from the fastest profile to `paused`. */
export const MODES: readonly StatusModeName[] = ["turbo", "parallel", "resilient", "stable", "paused"];

/** Whether a mode is slower than another. */
export function isLower(mode: string, than: string): boolean {
  const order: readonly string[] = MODES;
  return order.indexOf(mode) > order.indexOf(than);
}
