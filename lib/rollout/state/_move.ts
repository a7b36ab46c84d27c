import type { RolloutPlan } from "../config/rollout_plan.ts";
import type { RolloutAction, RolloutEvent } from "./rollout_event.ts";
import { EMPTY_ARMS } from "../stage/judge_stage.ts";
import { MAX_EVENTS, type RolloutPlace, type RolloutState } from "./rollout_state.ts";

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
export function move(state: RolloutState, step: Move): RolloutState {
  const { action, by, reason, override, now } = step;
  const place = { ...placeOf(state), ...step.to };
  const isNewStep = place.step !== state.step || place.weight !== state.weight || place.attempt !== state.attempt;
  const isLost = action === "lose";
  const isNewStage = place.weight !== state.weight || place.attempt !== state.attempt || isLost;
  const event: RolloutEvent = {
    id: state.revision + 1,
    time: new Date(now).toISOString(),
    rollout: place.plan?.name ?? state.plan?.name ?? "",
    action,
    by,
    from: state.phase,
    to: place.phase,
    step: place.step,
    weight: place.weight,
    reason,
    ...override === undefined ? {} : { override },
  };
  return {
    ...place,
    revision: event.id,
    stepEnteredAt: isNewStep || isLost ? now : state.stepEnteredAt,
    reason,
    arms: isNewStage ? EMPTY_ARMS : state.arms,
    events: [...state.events, event].slice(-MAX_EVENTS),
  };
}

function placeOf({ phase, plan, attempt, step, weight }: RolloutPlace): RolloutPlace {
  return { phase, plan, attempt, step, weight };
}

/**
 * Find where a rollout waits if it goes on at a step: shares are set on the way. After the last step it is completed.
 *
 * @param plan The plan
 * @param from Index of the step to go on at, and the share before it
 * @returns Step, share and phase
 */
export function enterStep(
  plan: RolloutPlan,
  from: { readonly step: number; readonly weight: number },
): Pick<RolloutPlace, "phase" | "step" | "weight"> {
  let { step, weight } = from;
  for (; step < plan.steps.length; step++) {
    const next = plan.steps[step]!;
    if (next.type !== "weight") return { phase: "running", step, weight };
    weight = next.percentage;
  }
  return { phase: "completed", step, weight };
}
