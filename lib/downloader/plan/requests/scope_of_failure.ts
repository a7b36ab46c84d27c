import { KitError } from "../../../base/mod.ts";
import { type FailureClass, FailureError } from "../../../failsafe/mod.ts";

/** Extent of a planning failure: it ends one target, or the whole run. */
export type FailureScope = "target" | "run";

/** State of the service when planning a target fails. */
export interface ServiceState {
  /** Whether the service has responded to any request of this run. */
  readonly hasAnswered: boolean;
  /** Number of consecutive targets, including this one, without any response. */
  readonly silentTargets: number;
}

/** Number of consecutive targets without a response that ends the run: the next would fail too. */
const MAX_SILENT_TARGETS = 3;

/** Failures that would affect every other target as well. */
const OF_RUN: ReadonlySet<FailureClass> = new Set<FailureClass>(["cancelled", "disk", "quota", "refused-host"]);
/** Failures that mean that the service is unreachable, unless it has responded before in this run. */
const UNREACHED: ReadonlySet<FailureClass> = new Set<FailureClass>(["dns", "tls", "connection", "timeout", "stall"]);
/** Failures of the service, perhaps for one target only. */
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
 * @param error Error that planning a target threw
 * @param standing State of the service
 * @returns `target` if the other targets continue, `run` if they do not
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { scopeOfFailure } from "@civitai-dl/civitai-dl/downloader";
 * import { FailureError } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const state = { hasAnswered: true, silentTargets: 1 };
 * assertEquals(scopeOfFailure(new FailureError("gone", "Cannot find model 1: 404"), state), "target");
 * assertEquals(scopeOfFailure(new FailureError("disk", 'Cannot write "a": the disk is full'), state), "run");
 * ```
 */
export function scopeOfFailure(error: unknown, standing: ServiceState): FailureScope {
  if (!(error instanceof KitError)) return "run";
  // An invalid or unknown name concerns only its target; a pause or a disk error concerns the run.
  if (!(error instanceof FailureError)) return error.code === "failed" || error.code === "usage" ? "target" : "run";
  const { failure } = error;
  if (OF_RUN.has(failure)) return "run";
  if (!OF_SERVICE.has(failure)) return "target";
  if (UNREACHED.has(failure) && !standing.hasAnswered) return "run";
  return standing.silentTargets < MAX_SILENT_TARGETS ? "target" : "run";
}
