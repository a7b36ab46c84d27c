import { KitError } from "../base/mod.ts";
import type { PlanContext } from "./plan_context.ts";

/**
 * Plan a part of what is wanted, and report what keeps only that part from being planned.
 *
 * @param context What planning needs
 * @param name How the part is called
 * @param plan Plans it
 * @returns Why it failed; `null` if it did not
 * @throws What would meet the other parts too
 */
export async function attemptPart(
  context: PlanContext,
  name: string,
  plan: () => Promise<void>,
): Promise<KitError | null> {
  const { report, service, onEvent } = context;
  try {
    await plan();
    return null;
  } catch (error) {
    if (service.reachOf(error) === "run" || !(error instanceof KitError)) throw error;
    report.problem(name, error.code, error.message);
    onEvent({ type: "warning", message: error.message, target: name });
    return error;
  }
}

/** Plan a target as a part, and count whether the service answers anything of it. */
export async function attemptTarget(
  context: PlanContext,
  name: string,
  plan: () => Promise<void>,
): Promise<KitError | null> {
  const { service } = context;
  service.beginTarget();
  const failure = await attemptPart(context, name, plan);
  service.endTarget({ hasFailed: failure !== null });
  return failure;
}
