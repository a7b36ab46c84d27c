import { formatDuration } from "../base/mod.ts";
import type { SoakDeadlock } from "../soak/mod.ts";

/**
 * Describe a deadlock: `17-verify stood still for 1m 1s`. A job that still made progress is described as not done in
 * time.
 */
export function describeDeadlock({ id, silentMs, drainMs }: SoakDeadlock): string {
  return drainMs === undefined
    ? `${id} stood still for ${formatDuration(silentMs)}`
    : `${id} was not done when the run and ${formatDuration(drainMs)} more were over`;
}
