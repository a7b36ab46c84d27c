import { parseDuration } from "../../base/mod.ts";
import * as z from "zod";
import { SEVERITIES } from "../severity.ts";

const DURATION = /^(\d+(\.\d+)?|(\d+(\.\d+)?(ms|s|m|h|d))+)$/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const METRIC = /^[A-Za-z_][A-Za-z0-9_.]*$/;

const text = z.string({ error: "must be text: put it in quotes" }).max(2000);
const DURATION_ERROR = { error: "must be a duration such as 30s, 5m or 1h30m, or a number of seconds" };

/** A duration from `least` to `most`. */
function duration(least: string, most: string) {
  return z.union([z.number(), z.string().regex(DURATION, DURATION_ERROR)], DURATION_ERROR)
    .superRefine((written, context) => {
      // What is no duration has an issue already.
      if (!DURATION.test(String(written))) return;
      const ms = parseDuration(String(written));
      if (ms < parseDuration(least)) context.addIssue({ code: "custom", message: `must be ${least} or more` });
      if (ms > parseDuration(most)) context.addIssue({ code: "custom", message: `must be ${most} or less` });
    })
    .meta({ examples: ["30s", "5m", "4h", "7d"] });
}

/**
 * A longer window would find no more data: the metrics journal holds at most 40 MiB, and no report covers a longer
 * period.
 */
const LONGEST_WINDOW = "30d";

const annotations = z.strictObject({
  summary: text.min(1).describe("One line; {{value}}, {{threshold}}, {{window}} and {{LABEL}} are filled in"),
  remedy: text.optional().describe("What to do about it, in a sentence or two"),
  summaryJa: text.optional().describe("The summary for a Japanese reader"),
  remedyJa: text.optional().describe("The remedy for a Japanese reader"),
  runbook: text.optional().describe("Address or path of further instructions"),
});

const rule = z.strictObject({
  alert: z.string({ error: "must be text" }).max(200).regex(NAME, {
    error: "must be a name of letters, digits and _, such as HighErrorRate",
  }).describe("The rule's name"),
  metric: z.string({ error: "must be a metric's name" }).max(200).regex(METRIC, {
    error: "must be a metric's name, such as error_rate",
  }),
  op: z.enum([">", ">=", "<", "<="]).optional().describe("How to compare; > if absent"),
  value: z.union([z.number(), z.string().min(1)], { error: "must be a number, or one with a unit such as 5%" })
    .describe("The limit: 0.05 or 5% for a rate, 2048 MB for a size, 30s for a time"),
  window: duration("1s", LONGEST_WINDOW).optional().describe("Time window of the metric; 5m if absent"),
  minSamples: z.int({ error: "must be a whole number" }).min(1, { error: "must be 1 or more" }).optional()
    .describe("Fewer events than this count as no data; 1 if absent"),
  for: duration("0s", LONGEST_WINDOW).optional().describe("A breach must last this long; 0s if absent"),
  keepFiringFor: duration("0s", LONGEST_WINDOW).optional().describe(
    "How long the breach must be gone before the alert resolves; 0s if absent",
  ),
  onNoData: z.enum(["ok", "keep"]).optional().describe("How missing data is treated; ok if absent"),
  severity: z.enum(SEVERITIES as readonly ["critical", "warning", "info"]),
  annotations,
});

/**
 * The shape of the file. Whether values make sense is checked later: units, and that somebody is notified.
 */
export const alertsSchema = z.strictObject({
  version: z.literal(1).optional(),
  rules: z.array(rule, { error: "must be a list of rules" }).min(1, { error: "must have a rule" }),
  groupWait: duration("0s", "7d").optional().describe(
    "How long alerts that are not critical wait for others; 5m if absent",
  ),
  repeatInterval: duration("1m", "366d").optional().describe(
    "How long after a notification it is repeated while its alerts still fire; 4h if absent",
  ),
  receivers: z.array(text.min(1), { error: 'must be a list of addresses such as ["file:alerts.jsonl"]' }).optional()
    .describe("Addresses that are notified; [] notifies nobody"),
}, { error: "must be a mapping with keys such as rules: and receivers:" });

/** A rule, as it was written. */
export type RuleEntry = z.output<typeof rule>;
