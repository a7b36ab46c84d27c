import { KitError } from "../../base/mod.ts";
import { type FailureClass, FailureError, isRetryable } from "../../failsafe/mod.ts";
import type { SettledPlanning } from "./settled_planning.ts";
import type { TargetIdentity } from "./target_name.ts";

/**
 * Plan one target or gallery. A failure that concerns only this one is reported as a problem; one that may be temporary
 * is tried again at the end of the run.
 *
 * @param context Report, service and events of the run
 * @param target What it is called in the report
 * @param plan Plans the target or gallery
 * @returns The failure; `null` on success
 * @throws Failures that end the whole run, see {@linkcode scopeOfFailure}
 */
export async function planOrReport(
  context: SettledPlanning,
  target: TargetIdentity,
  plan: () => Promise<void>,
): Promise<KitError | null> {
  const { report, service, retries, onEvent } = context;
  try {
    await plan();
    return null;
  } catch (error) {
    if (service.scopeOf(error) === "run") throw withHint(error);
    if (!(error instanceof KitError)) throw error;
    const { code, message } = error;
    const failure = error instanceof FailureError ? error.failure : undefined;
    const willRetry = isRetryable(error) && (retries?.add(target, plan) ?? false);
    report.addProblem(target, code, message, { failure, willRetry });
    onEvent({
      type: "warning",
      message,
      target: target.name,
      ...failureOf(error),
      ...willRetry ? { willRetry } : {},
    });
    return error;
  }
}

/** A run that the service ends loses nothing, which its error has to say if it says nothing else. */
function withHint(error: unknown): unknown {
  if (!(error instanceof FailureError) || error.hint !== undefined || !isRetryable(error)) return error;
  const { failure, message, retryAfterMs, status, refusedBy, until, retryable } = error;
  const hint = "civitai-dl doctor says what is wrong; then run the same command again, which loses nothing";
  return new FailureError(failure, message, {
    retryAfterMs,
    status,
    refusedBy,
    until,
    retryable,
    hint,
    cause: error.cause,
  });
}

/** The class of a failure, as a field of an event. */
export function failureOf(error: unknown): { readonly failure?: FailureClass } {
  return error instanceof FailureError ? { failure: error.failure } : {};
}

/**
 * {@linkcode planOrReport} for a target. Also counts targets for which the service sent no response, and sends the event
 * that it was listed, unless that of its completeness was sent.
 */
export async function planTargetOrReport(
  context: SettledPlanning,
  target: TargetIdentity,
  plan: () => Promise<void>,
): Promise<KitError | null> {
  const { service, report, onEvent } = context;
  service.beginTarget();
  const failure = await planOrReport(context, target, plan);
  service.endTarget({ hasFailed: failure !== null });
  const { name } = target;
  const isListed = failure === null && !report.hasProblem(name);
  if (isListed && !report.hasListing(name)) onEvent({ type: "listed", target: name });
  return failure;
}
