import { formatDuration, shell } from "../../base/mod.ts";
import type { RolloutStep } from "../config/rollout_plan.ts";
import type { Judgement } from "../stage/judgement.ts";
import type { RolloutRecord } from "./rollout_record.ts";
import type { RolloutStatus, RolloutStatusStep } from "./rollout_status.ts";
import { judgeRollout } from "./settle_rollout.ts";

/**
 * Explain the state of a rollout: where it is, why, and what it waits for. It changes nothing: what is due by itself is
 * described as due.
 *
 * @param rollout The rollout
 * @param now Current time in milliseconds since the epoch
 * @returns The status, for `rollout status`
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { explainRollout, RolloutStore } from "@civitai-dl/civitai-dl/rollout";
 *
 * const store = new RolloutStore(await Deno.makeTempDir(), { command: "example" });
 * const { state, waitsFor } = explainRollout(await store.read(), Date.now());
 * assertEquals([state, waitsFor], ["idle", "nothing: there is no rollout"]);
 * ```
 */
export function explainRollout(rollout: RolloutRecord, now: number): RolloutStatus {
  const { state, plan, weight, reason, events } = rollout;
  const judgement = judgeRollout(rollout);
  return {
    done: null,
    state,
    rollout: plan?.name ?? null,
    from: plan?.from ?? null,
    to: plan?.to ?? null,
    weight,
    steps: listSteps(rollout),
    stepEnteredAt: state === "idle" ? null : new Date(rollout.stepEnteredAt).toISOString(),
    effect: describeEffect(rollout),
    reason,
    ...explainWait(rollout, judgement, now),
    judgement,
    events,
  };
}

/** Say which engine fetches what. */
function describeEffect({ state, plan, weight }: RolloutRecord): string {
  if (state === "idle") return "downloads use the engine of their settings";
  if (plan === null) return "the stable engine fetches all files";
  if (state === "degraded" || weight === 0) return `${plan.from} fetches all files`;
  if (weight === 100) return `${plan.to} fetches all files`;
  // Shares have two decimals.
  const rest = Math.round((100 - weight) * 100) / 100;
  return `${plan.to} fetches ${weight} % of the files, ${plan.from} the other ${rest} %`;
}

function listSteps({ state, plan, step, weight }: RolloutRecord): readonly RolloutStatusStep[] {
  const isActive = state === "running" || state === "paused";
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

function explainWait(rollout: RolloutRecord, judgement: Judgement | null, now: number): Wait {
  switch (rollout.state) {
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
        next: rollout.plan === null ? "civitai-dl canary" : "civitai-dl rollout retry",
        isInconclusive: false,
      };
    case "paused":
      return { waitsFor: "a person: it was paused", next: "civitai-dl rollout resume", isInconclusive: false };
    case "running":
      return explainStep(rollout, judgement!, now);
  }
}

function explainStep(rollout: RolloutRecord, judgement: Judgement, now: number): Wait {
  const step = rollout.plan!.steps[rollout.step]!;
  if (step.type === "pause") {
    const leftMs = step.durationMs === null ? Infinity : rollout.stepEnteredAt + step.durationMs - now;
    if (leftMs <= 0) return due(rollout, "the pause is over");
    const waitsFor = step.durationMs === null
      ? "a person: the pause has no end"
      : `the end of the pause, in ${formatDuration(leftMs)}`;
    return { waitsFor, next: "civitai-dl rollout promote", isInconclusive: false };
  }
  if (judgement.verdict === "advance") return due(rollout, "the analysis has passed");
  if (judgement.verdict === "abort") return due(rollout, judgement.reason);
  if (rollout.weight === 0) {
    const waitsFor = "a share above 0 %: no file is in the canary";
    return { waitsFor, next: raiseFromZero(rollout), isInconclusive: true };
  }
  return { waitsFor: `more downloads: ${judgement.reason}`, next: "civitai-dl download", isInconclusive: true };
}

/** The command that gives the canary its first files: a rollout at 0 % gets no downloads to judge. */
export function raiseFromZero({ plan }: Pick<RolloutRecord, "plan">): string {
  const first = plan?.steps.find((step) => step.type === "weight" && step.percentage > 0);
  return shell`civitai-dl rollout --percentage ${first?.type === "weight" ? first.percentage : 10}`;
}

/** Explain a transition that the next process makes that changes the state. */
function due({ plan, step }: RolloutRecord, why: string): Wait {
  const next = plan!.steps[step + 1];
  const to = next === undefined ? "" : `, then comes: ${describeStep(next)}`;
  return {
    waitsFor: `the next download or command: ${why}${to}`,
    next: "civitai-dl rollout promote",
    isInconclusive: false,
  };
}
