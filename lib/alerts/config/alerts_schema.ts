import { parseDuration } from "../../base/mod.ts";
import * as z from "zod";
import { DURATION_LIMITS, type DurationKey } from "./_duration_limits.ts";
import { SEVERITIES } from "../severity.ts";

const DURATION = /^(\d+(\.\d+)?|(\d+(\.\d+)?(ms|s|m|h|d))+)$/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const METRIC = /^[A-Za-z_][A-Za-z0-9_.]*$/;

const text = z.string({ error: "must be text: put it in quotes" }).max(2000);
const name = z.string({ error: "must be text" }).max(200).regex(NAME, {
  error: "must be a name of letters, digits and _, such as HighErrorRate",
});
const metric = z.string({ error: "must be a metric's name" }).max(200).regex(METRIC, {
  error: "must be a metric's name, such as error_rate",
});
const DURATION_ERROR = { error: "must be a duration such as 30s, 5m or 1h30m, or a number of seconds" };

/** A duration of any length: a string with units, or a number of seconds. */
export const durationSchema = z.union(
  [z.number().nonnegative(DURATION_ERROR), z.string().regex(DURATION, DURATION_ERROR)],
  DURATION_ERROR,
).meta({ examples: ["30s", "5m", "4h", "7d"] });

/** A duration within the limits of its key. Only numbers are checked here; `checkDurations` also checks strings. */
function duration(key: DurationKey) {
  const { min, max } = DURATION_LIMITS[key];
  const seconds = z.number()
    .min(parseDuration(min) / 1000, { error: `must be ${min} or more` })
    .max(parseDuration(max) / 1000, { error: `must be ${max} or less` });
  return z.union([seconds, z.string().regex(DURATION, DURATION_ERROR)], DURATION_ERROR)
    .meta({ examples: ["30s", "5m", "4h", "7d"] });
}

const count = z.int({ error: "must be a whole number" }).min(1, { error: "must be 1 or more" });
const labels = z.record(name, text, { error: "must be a mapping of names to strings" });
const labelNames = z.array(name, { error: "must be a list of label names" });
const severity = z.enum(SEVERITIES as readonly ["critical", "warning", "info"]);
const amount = z.union([z.number(), z.string().min(1)], { error: "must be a number, or one with a unit such as 5%" });
const matchers = z.union([z.record(name, text), z.array(z.string())], {
  error: "must be a mapping such as {severity: critical}, or a list such as ['host=~cdn.*']",
}).describe("Label matchers: a mapping for equality, or a list of NAME=VALUE, !=, =~, !~");

const annotations = z.strictObject({
  summary: text.min(1).describe("One line; {{value}}, {{threshold}}, {{window}} and {{LABEL}} are filled in"),
  description: text.optional(),
  remedy: text.optional().describe("What to do about it, in a sentence or two"),
  runbook: text.optional().describe("Address or path of further instructions"),
});

const rule = z.strictObject({
  alert: name.describe("The rule's name"),
  metric: metric.optional(),
  op: z.enum([">", ">=", "<", "<=", "==", "!="]).optional().describe("How to compare; > if absent"),
  value: amount.optional().describe("The limit: 0.05 or 5% for a rate, 2048 MB for a size, 30s for a time"),
  expr: z.string().optional().describe('Instead of metric, op and value: "timeout_rate > 0.01"'),
  window: duration("window").optional().describe("Time window of the metric; 5m if absent"),
  minSamples: count.optional().describe("Fewer events than this count as no data; 1 if absent"),
  for: duration("for").optional().describe("A breach must last this long; 0s if absent"),
  keepFiringFor: duration("keepFiringFor").optional().describe(
    "How long the breach must be gone before the alert resolves; 0s if absent",
  ),
  onNoData: z.enum(["ok", "alert", "keep"]).optional().describe("How missing data is treated; ok if absent"),
  by: labelNames.optional().describe("One alert for each combination of these labels"),
  severity,
  labels: labels.optional(),
  annotations,
});

const group = z.strictObject({
  name: text.min(1),
  interval: duration("interval").optional().describe("How often its rules are evaluated; 30s if absent"),
  labels: labels.optional().describe("Labels of all its alerts"),
  rules: z.array(rule, { error: "must be a list of rules" }).min(1, { error: "must have a rule" }),
});

const timing = {
  receiver: text.min(1).optional().describe("The name of a receiver"),
  groupBy: z.array(z.union([name, z.literal("...")], { error: "must be a label's name, or ..." })).optional().describe(
    "Alerts with the same values of these labels go into one notification",
  ),
  groupWait: duration("groupWait").optional().describe("How long a new group waits for more"),
  groupInterval: duration("groupInterval").optional().describe("How long a group waits before it sends what is new"),
  repeatInterval: duration("repeatInterval").optional().describe(
    "How long after a notification it is repeated while its alerts still fire",
  ),
};

const branch = z.strictObject({ severity: severity.optional(), matchers: matchers.optional(), ...timing });
const route = z.strictObject({
  ...timing,
  routes: z.array(branch, { error: "must be a list of routes" }).optional().describe("The first that matches is taken"),
});

const inhibit = z.strictObject({
  source: matchers,
  target: matchers,
  equal: labelNames.optional().describe("Labels that both must have with the same value"),
});

const receiver = z.strictObject({
  name: text.min(1),
  urls: z.array(text.min(1), { error: 'must be a list of addresses such as ["file:alerts.jsonl"]' }).min(1, {
    error: "must have an address",
  }),
});

const slo = z.strictObject({
  name: name.describe("Part of the names of the alerts"),
  objective: amount.describe("The share of good events, such as 99% or 0.999"),
  window: duration("sloWindow").optional().describe("The period of the objective; 30d if absent"),
  metric: metric.optional().describe("A metric that is the share of errors"),
  of: metric.optional().describe("The count of errors; requires `over`"),
  over: metric.optional().describe("The count of all events; requires `of`"),
  minEvents: count.optional().describe(
    "Fewer events than this in the long window of an alert count as no data; 20 if absent",
  ),
  by: labelNames.optional(),
  severities: z.strictObject({ page: severity.optional(), ticket: severity.optional() }).optional().describe(
    "Severities of the urgent alerts (page) and of the others (ticket); critical and warning if absent",
  ),
  labels: labels.optional(),
  annotations: annotations.partial().optional(),
});

const heartbeat = z.strictObject({
  url: text.min(1).describe("The ping URL of a Healthchecks check, https://HOST/UUID"),
  every: duration("every").optional().describe("How often the monitor pings it; 1m if absent"),
}, { error: "must be a mapping such as {url: https://HOST/UUID, every: 1m}" }).describe(
  "A dead man's switch that the monitor pings",
);

/**
 * The shape of the file. Whether values make sense is checked later: units, and the limits of durations that are written
 * as strings.
 */
export const alertsSchema = z.strictObject({
  version: z.literal(1).optional(),
  groups: z.array(group, { error: "must be a list of groups" }).optional(),
  slo: z.array(slo, { error: "must be a list" }).optional(),
  route: route.optional(),
  inhibit: z.array(inhibit, { error: "must be a list" }).optional(),
  heartbeat: heartbeat.optional(),
  receivers: z.array(receiver, { error: "must be a list of receivers" }).optional(),
}, { error: "must be a mapping with keys such as groups: and receivers:" });

/** The file, as it was written. */
export type AlertsFile = z.output<typeof alertsSchema>;
/** A rule, as it was written. */
export type RuleEntry = z.output<typeof rule>;
/** A service level, as it was written. */
export type SloEntry = z.output<typeof slo>;
/** An entry of `route.routes`, as it was written. */
export type RouteEntry = z.output<typeof branch>;
/** Label matchers, as they were written. */
export type MatchersEntry = z.output<typeof matchers>;
