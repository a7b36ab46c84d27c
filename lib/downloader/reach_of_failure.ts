import { KitError } from "../base/mod.ts";
import { type FailureClass, FailureError } from "../failsafe/mod.ts";

/** How far a failure of planning reaches: the others go on, or nothing does. */
export type FailureReach = "target" | "run";

/** How the service stood when planning a target failed. */
export interface ServiceStanding {
  /** Whether it has answered any request of this run. */
  readonly hasAnswered: boolean;
  /** Targets in a row, the last one included, that it failed without one answer in between. */
  readonly silentTargets: number;
}

/** So many silent targets in a row are enough: the next would fail too. */
const MAX_SILENT_TARGETS = 3;

/** Whatever the target, the next one would meet it as well. */
const OF_RUN: ReadonlySet<FailureClass> = new Set<FailureClass>(["cancelled", "disk", "quota", "refused-host"]);
/** There is no service to be asked, unless it has answered before. */
const UNREACHED: ReadonlySet<FailureClass> = new Set<FailureClass>(["dns", "tls", "connection", "timeout", "stall"]);
/** The service is not well; it may be so for one target only. */
const OF_SERVICE: ReadonlySet<FailureClass> = new Set<FailureClass>([...UNREACHED, "server", "throttled"]);

/**
 * Decide whether a failure of planning is of one target, or would meet all others too.
 *
 * @param error What was thrown
 * @param standing Whether the service answers at all
 * @returns Whether the others go on
 */
export function reachOfFailure(error: unknown, standing: ServiceStanding): FailureReach {
  if (!(error instanceof KitError)) return "run";
  // A name that cannot be anybody's is that target's trouble, like one that nobody has; a pause or a bad disk is not.
  if (!(error instanceof FailureError)) return error.code === "failed" || error.code === "usage" ? "target" : "run";
  const { failure } = error;
  if (OF_RUN.has(failure)) return "run";
  if (!OF_SERVICE.has(failure)) return "target";
  if (UNREACHED.has(failure) && !standing.hasAnswered) return "run";
  return standing.silentTargets < MAX_SILENT_TARGETS ? "target" : "run";
}
