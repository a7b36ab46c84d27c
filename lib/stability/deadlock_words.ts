import { formatDuration } from "../base/mod.ts";
import type { SoakDeadlock } from "../soak/mod.ts";

/** `17-verify stood still for 1m 1s`; a job that told something to the last was only not done in time. */
export function deadlockWords({ id, silentMs, drainMs }: SoakDeadlock): string {
  return drainMs === undefined
    ? `${id} stood still for ${formatDuration(silentMs)}`
    : `${id} was not done when the run and ${formatDuration(drainMs)} more were over`;
}
