import { formatDuration, KitError, shell } from "../../base/mod.ts";
import type { RolloutPlan } from "../config/rollout_plan.ts";
import { raiseFromZero } from "./explain_rollout.ts";
import { enterStep, type Move, move } from "./_move.ts";
import type { RolloutPlace, RolloutRecord } from "./rollout_record.ts";
import { advance, judgeRollout, settleRollout } from "./settle_rollout.ts";

/** What a person asks of a rollout. */
export type RolloutRequest =
  | {
    readonly type: "start";
    /** What to roll out. */
    readonly plan: RolloutPlan;
    /** Share to begin with instead of the first one of the plan, from 0 to 100. */
    readonly percentage?: number | undefined;
  }
  /** Go on to the next step: at once if it is a pause, and only if the judge allows it if it is an analysis. */
  | { readonly type: "promote"; readonly override?: string | undefined }
  | {
    readonly type: "set-weight";
    /** Share to go to, from 0 to 100; the analyses before it must have passed, unless `override` gives a reason. */
    readonly percentage: number;
    readonly override?: string | undefined;
  }
  | { readonly type: "pause"; readonly reason?: string | undefined }
  | { readonly type: "resume" }
  /** Give everything the stable alternative; possible at any time, also after the rollout was completed. */
  | { readonly type: "abort"; readonly reason?: string | undefined }
  /** Begin an aborted rollout again at its first step, without the downloads that were counted. */
  | { readonly type: "retry" }
  /** Forget a rollout that was aborted or completed. */
  | { readonly type: "end" };

/** Result of a request. */
export interface RequestResult {
  /** The rollout after the request; the same object if nothing changed. */
  readonly rollout: RolloutRecord;
  /** What was done, as a sentence; `null` if the request was refused. */
  readonly done: string | null;
  /** Why the request was refused; `null` if it was not. What was due anyway happens nevertheless. */
  readonly error: KitError | null;
}

/**
 * Time in milliseconds during which `promote` cannot leave a pause that began: two people who promote at once have both
 * seen the step before.
 */
const PROMOTE_AFTER_MS = 30_000;

/**
 * Apply a request of a person. First come the transitions that are due by themselves.
 *
 * @param rollout The rollout
 * @param request The request
 * @param options Current time in milliseconds since the epoch
 * @returns The new rollout, and what was done or why it was refused: `unsafe` if the state does not allow it or somebody
 * else was faster, `inconclusive` if the judge does not allow it
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { applyRequest, IDLE_ROLLOUT, parseRolloutPlan } from "@civitai-dl/civitai-dl/rollout";
 *
 * const steps = "[{ setWeight: 10 }, { analysis: {} }, { setWeight: 100 }]";
 * const text = `{ version: 1, name: a, from: old, to: new, steps: ${steps} }`;
 * const { rollout } = applyRequest(IDLE_ROLLOUT, { type: "start", plan: parseRolloutPlan(text) }, { now: 0 });
 * assertEquals([rollout.state, rollout.weight], ["running", 10]);
 * const { error } = applyRequest(rollout, { type: "promote" }, { now: 60_000 });
 * assertEquals(error?.code, "inconclusive");
 * ```
 */
export function applyRequest(
  rollout: RolloutRecord,
  request: RolloutRequest,
  options: { readonly now: number },
): RequestResult {
  const { now } = options;
  const settled = settleRollout(rollout, now);
  try {
    const result = applySettled(settled, request, { now, hasMoved: settled.step !== rollout.step });
    return { ...result, error: null };
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    return { rollout: settled, done: null, error };
  }
}

interface Moment {
  readonly now: number;
  /** Whether the rollout has just advanced by itself. */
  readonly hasMoved: boolean;
}

type Done = Pick<RequestResult, "rollout" | "done">;

function applySettled(rollout: RolloutRecord, request: RolloutRequest, moment: Moment): Done {
  switch (request.type) {
    case "start":
      return start(rollout, request, moment);
    case "promote":
      return promote(rollout, request, moment);
    case "set-weight":
      return setWeight(rollout, request, moment);
    case "pause":
      return pause(rollout, request, moment);
    case "resume":
      return resume(rollout, moment);
    case "abort":
      return abort(rollout, request, moment);
    case "retry":
      return retry(rollout, moment);
    case "end":
      return end(rollout, moment);
  }
}

function start(
  rollout: RolloutRecord,
  { plan, percentage }: Extract<RolloutRequest, { readonly type: "start" }>,
  { now }: Moment,
): Done {
  if (rollout.state === "running" || rollout.state === "paused") {
    const isSame = rollout.plan!.name === plan.name && percentage === rollout.weight;
    if (isSame) return { rollout, done: `"${plan.name}" is at ${percentage} % already` };
    throw refuse(
      "start",
      `the rollout "${rollout.plan!.name}" is at ${rollout.weight} %`,
      insteadOfStart(rollout, plan, percentage),
    );
  }
  if (rollout.state === "completed" && isSameRollout(rollout.plan!, plan)) {
    throw refuse("start", `the rollout "${plan.name}" is completed: everything uses ${plan.to}`, afterCompletion(plan));
  }
  const begun = beginning(plan, rollout);
  const to = percentage === undefined ? begun : { ...begun, ...atOtherWeight(plan, begun, percentage) };
  const next = person(rollout, { action: "start", reason: `"${plan.name}" was started`, to, now });
  return { rollout: next, done: `"${plan.name}" is at ${next.weight} %` };
}

/** Say what to do with a rollout that is under way instead of starting one. */
function insteadOfStart(rollout: RolloutRecord, plan: RolloutPlan, percentage: number | undefined): string {
  if (rollout.plan!.name !== plan.name) return "End that one: civitai-dl rollout abort";
  const share = percentage ?? beginning(plan, rollout).weight;
  if (share === rollout.weight) return "See what it waits for: civitai-dl rollout status";
  return shell`Change its share: civitai-dl rollout --percentage ${share}`;
}

/** Whether a plan gives the same engine as another one. Its steps and thresholds may have changed. */
function isSameRollout(one: RolloutPlan, other: RolloutPlan): boolean {
  return one.name === other.name && one.from === other.from && one.to === other.to;
}

/** Say how to begin a completed rollout again: most of the files would lose the engine that they have. */
function afterCompletion(plan: RolloutPlan): string {
  const again = "to begin again, forget this one first: civitai-dl rollout end";
  const first = enterStep(plan, { step: 0, weight: 0 });
  if (first.state === "completed") return `For another engine, change the name in the plan; ${again}`;
  return shell`To lower its share: civitai-dl rollout --percentage ${first.weight}` + `; ${again}`;
}

function beginning(plan: RolloutPlan, { revision }: RolloutRecord): RolloutPlace {
  return { plan, attempt: `${plan.name}-${revision + 1}`, ...enterStep(plan, { step: 0, weight: 0 }) };
}

/** Begin with another share than that of the plan's first step; it must be below that of the second. */
function atOtherWeight(
  plan: RolloutPlan,
  begun: RolloutPlace,
  percentage: number,
): Pick<RolloutPlace, "weight"> {
  if (begun.state === "completed") throw noWait(plan, percentage);
  const second = plan.steps.find((step, index) => index >= begun.step && step.type === "weight");
  const limit = second?.type === "weight" ? second.percentage : 100;
  if (percentage < limit) return { weight: percentage };
  throw new KitError("usage", `Cannot start at ${percentage} %: the step after the first one sets ${limit} %`, {
    hint: shell`Start below ${limit} %, then go there: civitai-dl rollout --percentage ${percentage}`,
  });
}

function promote(
  rollout: RolloutRecord,
  { override }: Extract<RolloutRequest, { readonly type: "promote" }>,
  { now, hasMoved }: Moment,
): Done {
  const plan = requireRunning("promote", rollout);
  if (hasMoved) return { rollout, done: advanced(rollout) };
  if (plan.steps[rollout.step]!.type === "analysis") requirePass("promote", rollout, override);
  else assertSeen(rollout, now);
  const reason = override === undefined ? "a person promoted it" : `a person promoted it: ${override}`;
  const next = advance(rollout, { by: "person", reason, override, now });
  return { rollout: next, done: advanced(next) };
}

/** Refuse to leave a step that a person can hardly have seen yet. */
function assertSeen(rollout: RolloutRecord, now: number): void {
  const age = now - rollout.stepEnteredAt;
  if (age >= PROMOTE_AFTER_MS) return;
  throw refuse(
    "promote",
    `the step began ${formatDuration(age)} ago: ${rollout.reason}`,
    `Look at civitai-dl rollout status; to leave this step, try again in ${formatDuration(PROMOTE_AFTER_MS - age)}`,
  );
}

function setWeight(
  rollout: RolloutRecord,
  { percentage, override }: Extract<RolloutRequest, { readonly type: "set-weight" }>,
  { now, hasMoved }: Moment,
): Done {
  if (rollout.state === "completed" && percentage === 100) {
    return { rollout, done: `"${rollout.plan!.name}" is completed` };
  }
  const plan = rollout.state === "completed" ? rollout.plan! : requireRunning("change the share", rollout);
  if (percentage === rollout.weight) {
    const done = hasMoved ? advanced(rollout) : `"${plan.name}" is at ${percentage} % already`;
    return { rollout, done };
  }
  if (percentage > rollout.weight) requireAnalyses(rollout, plan, { percentage, override });
  const to = placeAt(plan, percentage);
  const why = override === undefined ? "" : `: ${override}`;
  const reason = `a person set the share to ${percentage} %${why}`;
  const next = person(rollout, { action: "advance", reason, override, to, now });
  return { rollout: next, done: advanced(next) };
}

/**
 * Find the place of a share in a plan. A share between two steps belongs to the stage of the smaller one, which is
 * judged again.
 */
function placeAt(
  plan: RolloutPlan,
  percentage: number,
): Pick<RolloutPlace, "state" | "step" | "weight"> {
  const index = plan.steps.findLastIndex((step) => step.type === "weight" && step.percentage <= percentage);
  const place = enterStep(plan, { step: Math.max(0, index), weight: 0 });
  if (place.state === "completed" && percentage < 100) throw noWait(plan, percentage);
  return { ...place, weight: percentage };
}

function noWait({ name }: RolloutPlan, percentage: number): KitError {
  return new KitError("usage", `Cannot stay at ${percentage} %: no step of "${name}" waits there`, {
    hint: "Add an analysis or a pause to the steps, then start it again",
  });
}

/** Require that each analysis between here and a share has passed, or that a person has a reason to skip it. */
function requireAnalyses(
  rollout: RolloutRecord,
  plan: RolloutPlan,
  target: { readonly percentage: number; readonly override: string | undefined },
): void {
  const { percentage, override } = target;
  if (override !== undefined) return;
  const end = placeAt(plan, percentage).step;
  // At 0 % there is no canary to judge, and without more there never will be.
  if (rollout.weight === 0 && end === rollout.step) return;
  if (plan.steps[rollout.step]?.type === "analysis") requirePass("change the share", rollout, override);
  const skipped = plan.steps.findIndex((step, index) =>
    index > rollout.step && index < end && step.type === "analysis"
  );
  if (skipped < 0) return;
  const weight = plan.steps.findLast((step, index) => index < skipped && step.type === "weight");
  const share = weight?.type === "weight" ? `at ${weight.percentage} % ` : "";
  throw new KitError("inconclusive", `Cannot go to ${percentage} %: the analysis ${share}has not begun`, {
    hint: 'Promote step by step, or skip it with --override "reason"',
  });
}

function requirePass(verb: string, rollout: RolloutRecord, override: string | undefined): void {
  const { verdict, reason } = judgeRollout(rollout)!;
  if (verdict === "advance" || override !== undefined) return;
  const way = rollout.weight === 0
    ? `At 0 % no file is in the canary: ${raiseFromZero(rollout)}`
    : "More downloads decide it";
  throw new KitError("inconclusive", `Cannot ${verb}: ${reason}`, {
    hint: `${way}; to go on without the judge, add --override "reason"`,
  });
}

function pause(
  rollout: RolloutRecord,
  { reason }: Extract<RolloutRequest, { readonly type: "pause" }>,
  { now }: Moment,
): Done {
  if (rollout.state === "paused") return { rollout, done: `"${rollout.plan!.name}" is paused already` };
  const { name } = requireRunning("pause", rollout);
  const why = reason === undefined ? "a person paused it" : `a person paused it: ${reason}`;
  const to = { state: "paused" } as const;
  const next = person(rollout, { action: "pause", reason: why, to, now });
  return { rollout: next, done: `"${name}" stays at ${rollout.weight} % until it is resumed` };
}

function resume(rollout: RolloutRecord, { now }: Moment): Done {
  if (rollout.state !== "paused") throw notPaused(rollout);
  const to = { state: "running" } as const;
  const next = settleRollout(person(rollout, { action: "resume", reason: "a person resumed it", to, now }), now);
  return { rollout: next, done: `"${rollout.plan!.name}" goes on at ${next.weight} %` };
}

function notPaused(rollout: RolloutRecord): KitError {
  if (rollout.state === "running") {
    return refuse(
      "resume",
      `the rollout "${rollout.plan!.name}" is running`,
      "See its step: civitai-dl rollout status",
    );
  }
  requireRunning("resume", rollout);
  return refuse("resume", "it is not paused");
}

function abort(
  rollout: RolloutRecord,
  { reason }: Extract<RolloutRequest, { readonly type: "abort" }>,
  { now }: Moment,
): Done {
  if (rollout.state === "idle") {
    throw refuse(
      "abort",
      "no rollout was started",
      "To use the stable engine without a rollout: civitai-dl failsafe hold stable",
    );
  }
  if (rollout.state === "degraded") {
    const what = rollout.plan === null ? "Everything uses the stable alternative" : "It was aborted already";
    return { rollout, done: `${what}: ${rollout.reason}` };
  }
  const { name, from } = rollout.plan!;
  const why = reason === undefined ? "a person aborted it" : `a person aborted it: ${reason}`;
  const to = { state: "degraded", weight: 0 } as const;
  const next = person(rollout, { action: "abort", reason: why, to, now });
  return { rollout: { ...next, arms: rollout.arms }, done: `"${name}" was aborted: everything uses ${from}` };
}

function retry(rollout: RolloutRecord, { now }: Moment): Done {
  if (rollout.state !== "degraded") {
    const hint = rollout.state === "idle" ? "Begin one: civitai-dl canary" : "End it first: civitai-dl rollout abort";
    throw refuse("retry", `the rollout is ${rollout.state}, and only an aborted one can be tried again`, hint);
  }
  const { plan } = rollout;
  if (plan === null) throw refuse("retry", rollout.reason, "Begin a new one: civitai-dl canary");
  const next = person(rollout, {
    action: "retry",
    reason: "a person tried it again",
    to: beginning(plan, rollout),
    now,
  });
  return { rollout: next, done: `"${plan.name}" begins again at ${next.weight} %` };
}

function end(rollout: RolloutRecord, { now }: Moment): Done {
  const { state, plan } = rollout;
  if (state === "running" || state === "paused") {
    throw refuse(
      "end the rollout",
      `"${plan!.name}" is at ${rollout.weight} %`,
      "Stop it first: civitai-dl rollout abort",
    );
  }
  if (state === "idle") return { rollout, done: "There is no rollout" };
  const to = { state: "idle", plan: null, attempt: "", step: 0, weight: 0 } as const;
  const next = person(rollout, { action: "end", reason: "a person ended it", to, now });
  return { rollout: next, done: "There is no rollout any more: downloads use the engine of their settings" };
}

function person(rollout: RolloutRecord, to: Omit<Move, "by">): RolloutRecord {
  return move(rollout, { ...to, by: "person" });
}

/** Return the plan of a rollout that runs. */
function requireRunning(verb: string, rollout: RolloutRecord): RolloutPlan {
  switch (rollout.state) {
    case "running":
      return rollout.plan!;
    case "idle":
      throw refuse(verb, "no rollout was started", "Begin one: civitai-dl canary");
    case "paused":
      throw refuse(verb, `it is paused: ${rollout.reason}`, "End the pause: civitai-dl rollout resume");
    case "degraded":
      throw refuse(
        verb,
        `it was aborted: ${rollout.reason}`,
        rollout.plan === null
          ? "Begin a new one: civitai-dl canary"
          : "Begin again at its first step: civitai-dl rollout retry",
      );
    case "completed":
      throw refuse(
        verb,
        `"${rollout.plan!.name}" is completed`,
        "To go back to the stable one: civitai-dl rollout abort",
      );
  }
}

function refuse(verb: string, state: string, hint?: string): KitError {
  return new KitError("unsafe", `Cannot ${verb}: ${state}`, hint === undefined ? {} : { hint });
}

function advanced({ plan, state, weight }: RolloutRecord): string {
  return state === "completed" ? `"${plan!.name}" is completed: 100 %` : `"${plan!.name}" is at ${weight} %`;
}
