import type { RolloutPlan } from "../config/rollout_plan.ts";
import type { RolloutAction, RolloutEvent } from "./rollout_event.ts";
import { EMPTY_ARMS } from "../stage/judge_stage.ts";
import { MAX_EVENTS, type RolloutPlace, type RolloutRecord } from "./rollout_record.ts";

/** A transition: where to, and why. */
export interface Move {
  readonly action: RolloutAction;
  readonly by: RolloutEvent["by"];
  readonly reason: string;
  readonly override?: string | undefined;
  /** Where the rollout is afterwards; what is absent stays. */
  readonly to: Partial<RolloutPlace>;
  readonly now: number;
}

/**
 * Make a transition. Downloads are counted anew if the share, the attempt or the step of another stage changed, since
 * they say nothing about the new one.
 */
export function move(rollout: RolloutRecord, step: Move): RolloutRecord {
  const { action, by, reason, override, now } = step;
  const place = { ...placeOf(rollout), ...step.to };
  const isNewStep = place.step !== rollout.step || place.weight !== rollout.weight || place.attempt !== rollout.attempt;
  const isLost = action === "lose";
  const isNewStage = place.weight !== rollout.weight || place.attempt !== rollout.attempt || isLost;
  const event: RolloutEvent = {
    id: rollout.revision + 1,
    time: new Date(now).toISOString(),
    rollout: place.plan?.name ?? rollout.plan?.name ?? "",
    action,
    by,
    from: rollout.state,
    to: place.state,
    step: place.step,
    weight: place.weight,
    reason,
    ...override === undefined ? {} : { override },
  };
  return {
    ...place,
    revision: event.id,
    stepEnteredAt: isNewStep || isLost ? now : rollout.stepEnteredAt,
    reason,
    arms: isNewStage ? EMPTY_ARMS : rollout.arms,
    events: [...rollout.events, event].slice(-MAX_EVENTS),
  };
}

function placeOf({ state, plan, attempt, step, weight }: RolloutPlace): RolloutPlace {
  return { state, plan, attempt, step, weight };
}

/**
 * Find where a rollout waits if it goes on at a step: shares are set on the way. After the last step it is completed.
 *
 * @param plan The plan
 * @param from Index of the step to go on at, and the share before it
 * @returns Step, share and state
 */
export function enterStep(
  plan: RolloutPlan,
  from: { readonly step: number; readonly weight: number },
): Pick<RolloutPlace, "state" | "step" | "weight"> {
  let { step, weight } = from;
  for (; step < plan.steps.length; step++) {
    const next = plan.steps[step]!;
    if (next.type !== "weight") return { state: "running", step, weight };
    weight = next.percentage;
  }
  return { state: "completed", step, weight };
}
