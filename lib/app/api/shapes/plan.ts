import { z } from "zod";
import { choiceSchema } from "./choice.ts";

export { type Plan, type PlannedModel, planSchema } from "../../plans/plan_shape.ts";

/** Longest text of targets in one piece, in characters. */
const MAX_TEXT = 500_000;

/** A request for a plan. */
export const planRequestSchema = z.strictObject({
  targets: z.array(z.string().max(MAX_TEXT)).min(1).max(10_000)
    .describe("What download takes: each text may hold several, separated by spaces, commas or lines"),
  choice: choiceSchema.optional(),
});

/** A request for a plan. */
export type PlanRequest = z.infer<typeof planRequestSchema>;
