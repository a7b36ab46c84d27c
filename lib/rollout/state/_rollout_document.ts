import * as z from "zod";
import { cleanText, type StateFormat } from "../../base/mod.ts";
import type { RolloutPlace, RolloutRecord } from "./rollout_record.ts";

const count = z.int().min(0);
/** Text that is shown: somebody who edits the file adds no line to a status. */
const line = z.string().transform(cleanText);
const percentage = z.number().min(0).max(100);
const time = z.iso.datetime();
const state = z.enum(["idle", "running", "paused", "degraded", "completed"]);

const rules = z.strictObject({
  healthyRate: z.number(),
  failingRate: z.number(),
  alpha: z.number(),
  beta: z.number(),
  maxDrop: z.number(),
  speedAlpha: z.number(),
  minSamples: count,
});
const step = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("weight"), percentage }),
  z.strictObject({ type: z.literal("analysis") }),
  z.strictObject({ type: z.literal("pause"), durationMs: z.number().min(0).nullable() }),
]);
const plan = z.strictObject({
  name: line,
  salt: z.string(),
  from: line,
  to: line,
  steps: z.array(step).min(1),
  rules,
});
const arm = z.strictObject({
  ok: count,
  errors: count,
  timeouts: count,
  integrity: count,
});
const speed = z.strictObject({
  comparisons: count,
  slow: count,
  ratios: z.array(z.number().positive()).max(1000),
}).refine(({ comparisons, slow }) => slow <= comparisons, { error: "more slow comparisons than comparisons" });
const event = z.strictObject({
  id: count,
  time,
  rollout: line,
  action: z.enum(["start", "advance", "pause", "resume", "abort", "retry", "end", "lose"]),
  by: z.enum(["person", "judge", "clock", "program"]),
  from: state,
  to: state,
  step: count,
  weight: percentage,
  reason: line,
  override: line.optional(),
});
const documentSchema = z.strictObject({
  schema: z.string(),
  version: z.int(),
  state,
  plan: plan.nullable(),
  attempt: z.string(),
  step: count,
  weight: percentage,
  revision: count,
  stepEnteredAt: time,
  reason: line,
  arms: z.strictObject({ canary: arm, baseline: arm, speed }),
  events: z.array(event).max(1000),
});

/** The form of the state file. */
export const ROLLOUT_FORMAT: StateFormat<RolloutRecord> = {
  schema: "civitai-dl/rollout",
  version: 1,
  parse: (fields) => {
    const result = documentSchema.safeParse(fields);
    if (!result.success) {
      const { path: keys, message } = result.error.issues[0]!;
      throw new SyntaxError(`"${keys.join(".")}": ${message}`);
    }
    const { schema: _schema, version: _version, stepEnteredAt, ...rest } = result.data;
    const rollout: RolloutRecord = { ...rest, stepEnteredAt: Date.parse(stepEnteredAt) };
    assertPlace(rollout);
    return rollout;
  },
  format: (rollout) => ({ ...rollout, stepEnteredAt: new Date(rollout.stepEnteredAt).toISOString() }),
  loss: "everything uses the stable alternative until canary or rollout end",
};

/** Check what the schema cannot: the fields of a place fit together. */
function assertPlace({ state, plan, step }: RolloutPlace): void {
  if (state !== "idle" && state !== "degraded" && plan === null) throw new SyntaxError('"plan" is missing');
  if (plan !== null && step > plan.steps.length) throw new SyntaxError('"step" is not in the plan');
  const isWaiting = state === "running" || state === "paused";
  if (isWaiting && plan!.steps[step]?.type !== "analysis" && plan!.steps[step]?.type !== "pause") {
    throw new SyntaxError('"step" is not one that waits');
  }
}
