import { KitError } from "../../base/mod.ts";
import { type FailureClass, FailureError } from "../../failsafe/mod.ts";

/** What a failure of planning ends: one target, or the whole run. */
export type FailureReach = "target" | "run";

/** What is known of the service when planning a target fails. */
export interface ServiceStanding {
  /** Whether it has answered any request of this run. */
  readonly hasAnswered: boolean;
  /** Targets in a row, including this one, that got no answer at all. */
  readonly silentTargets: number;
}

/** After this many targets in a row without an answer the run ends: the next would fail too. */
const MAX_SILENT_TARGETS = 3;

/** Failures that every other target would have as well. */
const OF_RUN: ReadonlySet<FailureClass> = new Set<FailureClass>(["cancelled", "disk", "quota", "refused-host"]);
/** The service cannot be reached, unless it has answered before in this run. */
const UNREACHED: ReadonlySet<FailureClass> = new Set<FailureClass>(["dns", "tls", "connection", "timeout", "stall"]);
/** The service fails, perhaps for one target only. */
const OF_SERVICE: ReadonlySet<FailureClass> = new Set<FailureClass>([
  ...UNREACHED,
  "server",
  "unusable",
  "throttled",
  "tripped",
]);

/**
 * Decide whether a failure of planning ends one target or the whole run.
 *
 * @param error What was thrown
 * @param standing What is known of the service
 * @returns `target` if the other targets go on
 */
export function reachOfFailure(error: unknown, standing: ServiceStanding): FailureReach {
  if (!(error instanceof KitError)) return "run";
  // An invalid or unknown name concerns only its target; a pause or a disk error concerns the run.
  if (!(error instanceof FailureError)) return error.code === "failed" || error.code === "usage" ? "target" : "run";
  const { failure } = error;
  if (OF_RUN.has(failure)) return "run";
  if (!OF_SERVICE.has(failure)) return "target";
  if (UNREACHED.has(failure) && !standing.hasAnswered) return "run";
  return standing.silentTargets < MAX_SILENT_TARGETS ? "target" : "run";
}
