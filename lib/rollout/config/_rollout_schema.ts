import * as z from "zod";
import { parseDuration } from "../../base/mod.ts";
import { hasTwoDecimals } from "../buckets/percentage.ts";

const NO_SHARE = "must be a share with a percent sign, such as 5%";
const NO_PAUSE = "must be a duration such as 30s, 5m, 1h or 7d, or until-promoted";
const NAME = /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/;

/** A share, such as `2.5%`, as a number between 0 and 1, without these ends. */
const share = z.string({ error: NO_SHARE }).regex(/^\d{1,2}(?:\.\d+)?\s*%$/, { error: NO_SHARE })
  .transform((text) => Number(text.replace("%", "")) / 100)
  .refine((value) => value > 0, { error: "must be above 0%" });
const count = z.int({ error: "must be a whole number" }).min(1, { error: "must be 1 or more" });
const text = z.string({ error: "must be text" }).min(1, { error: "must not be empty" }).max(200, {
  error: "must have 200 characters or fewer",
});
const name = text.regex(NAME, { error: "must be lower-case words joined by - or ., such as turbo-2" });

/** Rules of the judge as written in the file. */
const thresholdsSchema = z.strictObject({
  healthy: share.optional().describe("Rate of failed downloads that is normal; 1% if absent"),
  failing: share.optional().describe("Rate of failed downloads that must be detected; 5% if absent"),
  alpha: share.optional().describe(
    "Permitted probability per stage of aborting a healthy canary because of its failures; 4% if absent",
  ),
  beta: share.optional().describe("Permitted probability of passing a failing or slow canary; 5% if absent"),
  maxDrop: share.optional()
    .describe("Decrease of the speed from which on a comparison counts as slow; 25% if absent"),
  speedAlpha: share.optional()
    .describe(
      "Permitted probability per stage of aborting a canary that is as fast as the stable engine; 0.1% if absent",
    ),
  minSamples: count.max(10_000, { error: "must be 10000 or less" }).optional()
    .describe("Downloads that each arm needs before the rollout advances; 50 if absent"),
}, { error: "must be a mapping" });

/** One step; that it has exactly one of these keys is checked by `readSteps`. */
const step = z.strictObject({
  setWeight: z.number({ error: "must be a number from 0 to 100" })
    .min(0, { error: "must be 0 or more" })
    .max(100, { error: "must be 100 or less" })
    .refine(hasTwoDecimals, { error: "must have at most two decimals" })
    .optional()
    .describe("Percentage that the canary gets from now on"),
  analysis: z.strictObject({}, { error: "must be {}" }).optional().describe("Wait for the judge; written as {}"),
  pause: z.union([z.string(), z.number()], { error: NO_PAUSE }).transform((value, context) => {
    if (value === "until-promoted") return null;
    try {
      return parseDuration(String(value));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      context.addIssue({ code: "custom", message: NO_PAUSE });
      return z.NEVER;
    }
  }).optional().describe("Wait for a time, or until-promoted"),
}, { error: "must be a mapping such as setWeight: 10" });

/** The whole file. */
export const rolloutSchema = z.strictObject({
  version: z.literal(1, { error: "must be 1" }),
  name: name.describe("Name of the rollout"),
  salt: text.optional().describe("Text that decides which keys are in the canary; the name if absent"),
  from: name.describe("The stable alternative, such as a profile of the engine"),
  to: name.describe("What is rolled out"),
  steps: z.array(step.meta({ minProperties: 1, maxProperties: 1 }), { error: "must be a list of steps" })
    .min(1, { error: "must have a step" })
    .max(100, { error: "must have 100 steps or fewer" }),
  thresholds: thresholdsSchema.optional().describe("Rules of every analysis"),
}, { error: "must be a mapping that begins with version: 1" });

/** Rules of the judge as written. */
export type ThresholdsEntry = z.output<typeof thresholdsSchema>;
/** The file as written. */
export type RolloutFile = z.output<typeof rolloutSchema>;
