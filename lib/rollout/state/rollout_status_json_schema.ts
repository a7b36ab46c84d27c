import * as z from "zod";
import type { RolloutStatus } from "./rollout_status.ts";

const phase = z.enum(["idle", "running", "paused", "degraded", "completed"]);
const verdict = z.enum(["pass", "fail", "unknown"]);
const count = z.int().min(0);
const share = z.number().min(0).max(100);

const figures = z.strictObject({
  n: count,
  ok: count,
  errors: count,
  timeouts: count,
  integrity: count,
  logRatio: z.number().describe("Log-likelihood ratio of the sequential test"),
});

const judgement = z.strictObject({
  verdict: z.enum(["advance", "hold", "abort"]),
  reason: z.string(),
  criteria: z.array(z.strictObject({
    name: z.enum(["integrity", "failures", "samples", "speed"]),
    verdict,
    reason: z.string(),
  })),
  canary: figures,
  baseline: figures,
  bounds: z.strictObject({ lower: z.number(), upper: z.number() }),
  speed: z.strictObject({
    comparisons: count,
    slow: count.describe("Comparisons in which the canary was slower by more than the plan allows"),
    ratio: z.number().positive().nullable().describe(
      "Speed of the canary as a multiple of the baseline's; null without any",
    ),
    logRatio: z.number().describe("Log-likelihood ratio of the sequential test"),
    bounds: z.strictObject({ lower: z.number(), upper: z.number() }),
  }),
});

const event = z.strictObject({
  id: count,
  time: z.iso.datetime(),
  rollout: z.string(),
  action: z.enum(["start", "advance", "pause", "resume", "abort", "retry", "undo", "end", "lose"]),
  by: z.enum(["person", "judge", "clock", "program"]),
  from: phase,
  to: phase,
  step: count,
  weight: share,
  reason: z.string(),
  override: z.string().optional(),
});

const status = z.strictObject({
  schema: z.literal("civitai-dl/rollout-status"),
  version: z.literal(1),
  done: z.string().nullable(),
  phase,
  rollout: z.string().nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  revision: count,
  weight: share,
  steps: z.array(z.strictObject({ text: z.string(), state: z.enum(["done", "current", "ahead"]) })),
  stepEnteredAt: z.iso.datetime().nullable(),
  effect: z.string().describe("Which engine fetches what"),
  reason: z.string(),
  waitsFor: z.string(),
  next: z.string().nullable(),
  isInconclusive: z.boolean(),
  judgement: judgement.nullable(),
  sourceErrors: count,
  events: z.array(event),
});

// The compiler checks that the schema describes the type.
const typed: z.ZodType<RolloutStatus> = status;

/**
 * Generate the JSON Schema of {@linkcode RolloutStatus}, which `rollout status --json` prints.
 *
 * @returns A JSON Schema of draft 2020-12
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rolloutStatusJsonSchema } from "@civitai-dl/civitai-dl/rollout";
 *
 * assertEquals(rolloutStatusJsonSchema().title, "Status of a rollout");
 * ```
 */
export function rolloutStatusJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(typed), title: "Status of a rollout" };
}
