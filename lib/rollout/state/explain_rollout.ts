import { formatDuration, shell } from "../../base/mod.ts";
import type { RolloutStep } from "../config/rollout_plan.ts";
import type { Judgement } from "../stage/judgement.ts";
import type { RolloutState } from "./rollout_state.ts";
import type { RolloutStatus, RolloutStatusStep } from "./rollout_status.ts";
import { judgeRollout } from "./settle_rollout.ts";

/**
 * Explain the state of a rollout: where it is, why, and what it waits for. It changes nothing: what is due by itself is
 * described as due.
 *
 * @param state The state
 * @param now Current time in milliseconds since the epoch
 * @returns The status, for `rollout status`
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { explainRollout, RolloutStore } from "@civitai-dl/civitai-dl/rollout";
 *
 * const store = new RolloutStore(await Deno.makeTempDir(), { command: "example" });
 * const { phase, waitsFor } = explainRollout(await store.read(), Date.now());
 * assertEquals([phase, waitsFor], ["idle", "nothing: there is no rollout"]);
 * ```
 */
export function explainRollout(state: RolloutState, now: number): RolloutStatus {
  const { phase, plan, weight, reason, events } = state;
  const judgement = judgeRollout(state);
  return {
    done: null,
    phase,
    rollout: plan?.name ?? null,
    from: plan?.from ?? null,
    to: plan?.to ?? null,
    weight,
    steps: listSteps(state),
    stepEnteredAt: phase === "idle" ? null : new Date(state.stepEnteredAt).toISOString(),
    effect: describeEffect(state),
    reason,
    ...explainWait(state, judgement, now),
    judgement,
    events,
  };
}

/** Say which engine fetches what. */
function describeEffect({ phase, plan, weight }: RolloutState): string {
  if (phase === "idle") return "downloads use the engine of their settings";
  if (plan === null) return "the stable engine fetches all files";
  if (phase === "degraded" || weight === 0) return `${plan.from} fetches all files`;
  if (weight === 100) return `${plan.to} fetches all files`;
  // Shares have two decimals.
  const rest = Math.round((100 - weight) * 100) / 100;
  return `${plan.to} fetches ${weight} % of the files, ${plan.from} the other ${rest} %`;
}

function listSteps({ phase, plan, step, weight }: RolloutState): readonly RolloutStatusStep[] {
  const isActive = phase === "running" || phase === "paused";
  const current = isActive ? step : -1;
  // A person can choose a share below that of the step.
  const isBelow = (each: RolloutStep) => isActive && each.type === "weight" && each.percentage > weight;
  const stateOf = (each: RolloutStep, index: number) => {
    if (index === current) return "current";
    return index < step && !isBelow(each) ? "done" : "ahead";
  };
  return (plan?.steps ?? []).map((each, index) => ({
    text: describeStep(each),
    state: stateOf(each, index),
  }));
}

/** Describe a step in a few words. */
export function describeStep(step: RolloutStep): string {
  switch (step.type) {
    case "weight":
      return `${step.percentage} %`;
    case "analysis":
      return "analysis";
    case "pause":
      return step.durationMs === null ? "pause until promoted" : `pause of ${formatDuration(step.durationMs)}`;
  }
}

type Wait = Pick<RolloutStatus, "waitsFor" | "next" | "isInconclusive">;

function explainWait(state: RolloutState, judgement: Judgement | null, now: number): Wait {
  switch (state.phase) {
    case "idle":
      return {
        waitsFor: "nothing: there is no rollout",
        next: "civitai-dl canary --percentage 10",
        isInconclusive: false,
      };
    case "completed":
      return { waitsFor: "nothing: it is completed", next: null, isInconclusive: false };
    case "degraded":
      return {
        waitsFor: "a person: it was aborted, and everything uses the stable engine",
        next: state.plan === null ? "civitai-dl canary" : "civitai-dl rollout retry",
        isInconclusive: false,
      };
    case "paused":
      return { waitsFor: "a person: it was paused", next: "civitai-dl rollout resume", isInconclusive: false };
    case "running":
      return explainStep(state, judgement!, now);
  }
}

function explainStep(state: RolloutState, judgement: Judgement, now: number): Wait {
  const step = state.plan!.steps[state.step]!;
  if (step.type === "pause") {
    const leftMs = step.durationMs === null ? Infinity : state.stepEnteredAt + step.durationMs - now;
    if (leftMs <= 0) return due(state, "the pause is over");
    const waitsFor = step.durationMs === null
      ? "a person: the pause has no end"
      : `the end of the pause, in ${formatDuration(leftMs)}`;
    return { waitsFor, next: "civitai-dl rollout promote", isInconclusive: false };
  }
  if (judgement.verdict === "advance") return due(state, "the analysis has passed");
  if (judgement.verdict === "abort") return due(state, judgement.reason);
  if (state.weight === 0) {
    const waitsFor = "a share above 0 %: no file is in the canary";
    return { waitsFor, next: raiseFromZero(state), isInconclusive: true };
  }
  return { waitsFor: `more downloads: ${judgement.reason}`, next: "civitai-dl download", isInconclusive: true };
}

/** The command that gives the canary its first files: a rollout at 0 % gets no downloads to judge. */
export function raiseFromZero({ plan }: Pick<RolloutState, "plan">): string {
  const first = plan?.steps.find((step) => step.type === "weight" && step.percentage > 0);
  return shell`civitai-dl rollout --percentage ${first?.type === "weight" ? first.percentage : 10}`;
}

/** Explain a transition that the next process makes that changes the state. */
function due({ plan, step }: RolloutState, why: string): Wait {
  const next = plan!.steps[step + 1];
  const to = next === undefined ? "" : `, then comes: ${describeStep(next)}`;
  return {
    waitsFor: `the next download or command: ${why}${to}`,
    next: "civitai-dl rollout promote",
    isInconclusive: false,
  };
}
