import * as z from "zod";
import { cleanText, KitError, refuseNewer } from "../../base/mod.ts";
import type { RolloutPlace, RolloutState } from "./rollout_state.ts";

const SCHEMA = "civitai-dl/rollout";
const VERSION = 1;

/** Whoever cannot use the newer program must get the stable engine all the same. */
const ABORT_HINT = "move the file aside, and give everything the stable engine: civitai-dl rollout abort";

const count = z.int().min(0);
/** Text that is shown: somebody who edits the file adds no line to a status. */
const line = z.string().transform(cleanText);
const percentage = z.number().min(0).max(100);
const time = z.iso.datetime();
const phase = z.enum(["idle", "running", "paused", "degraded", "completed"]);

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
  z.strictObject({ type: z.literal("analysis"), rules }),
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
  from: phase,
  to: phase,
  step: count,
  weight: percentage,
  reason: line,
  override: line.optional(),
});
const documentSchema = z.strictObject({
  schema: z.literal(SCHEMA),
  version: z.literal(VERSION),
  phase,
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

/** Serialize a state to the text of its file. */
export function renderRolloutDocument(state: RolloutState): string {
  const { stepEnteredAt, ...rest } = state;
  const head = { schema: SCHEMA, version: VERSION, revision: state.revision };
  return `${JSON.stringify({ ...head, ...rest, stepEnteredAt: new Date(stepEnteredAt).toISOString() })}\n`;
}

/**
 * Parse the text of a state file.
 *
 * @throws {SyntaxError} If the text is not a state; the message names the first invalid field
 * @throws {KitError} `unsafe` if a later version of the program wrote it, `usage` if it is the state of something else
 */
export function parseRolloutDocument(text: string, path: string): RolloutState {
  const value: unknown = JSON.parse(text);
  const { schema } = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  if (typeof schema === "string" && schema !== SCHEMA) {
    throw new KitError("usage", `Cannot use "${path}": it has the schema "${schema}", not "${SCHEMA}"`, {
      hint: `Use the program that wrote it, or ${ABORT_HINT}`,
    });
  }
  refuseNewer(value, { path, version: VERSION });
  const result = documentSchema.safeParse(value);
  if (!result.success) {
    const { path: keys, message } = result.error.issues[0]!;
    throw new SyntaxError(`"${keys.join(".")}": ${message}`);
  }
  const { schema: _schema, version: _version, stepEnteredAt, ...rest } = result.data;
  const state: RolloutState = { ...rest, stepEnteredAt: Date.parse(stepEnteredAt) };
  assertPlace(state);
  return state;
}

/** Check what the schema cannot: the fields of a place fit together. */
function assertPlace({ phase, plan, step }: RolloutPlace): void {
  if (phase !== "idle" && phase !== "degraded" && plan === null) throw new SyntaxError('"plan" is missing');
  if (plan !== null && step > plan.steps.length) throw new SyntaxError('"step" is not in the plan');
  const isWaiting = phase === "running" || phase === "paused";
  if (isWaiting && plan!.steps[step]?.type !== "analysis" && plan!.steps[step]?.type !== "pause") {
    throw new SyntaxError('"step" is not one that waits');
  }
}
