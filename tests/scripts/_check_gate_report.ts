import * as z from "zod";
import type { GateReport } from "../../lib/gate/mod.ts";

const problem = z.strictObject({
  message: z.string().min(1),
  file: z.string().optional(),
  line: z.int().min(1).optional(),
  column: z.int().min(1).optional(),
  rule: z.string().optional(),
});

const row = z.strictObject({
  id: z.string(),
  title: z.string(),
  phase: z.string(),
  required: z.string(),
  measured: z.string(),
  level: z.enum(["error", "warn", "off"]),
  verdict: z.enum(["pass", "fail", "inconclusive", "not evaluated"]),
  countsAs: z.enum(["pass", "fail", "inconclusive", "nothing"]),
  count: z.int().nullable(),
  estimate: z.number().nullable(),
  bound: z.number().nullable(),
  reason: z.string(),
  evidence: z.string().nullable(),
  problems: z.array(problem),
  command: z.string(),
  others: z.array(z.string()),
  passedOver: z.array(z.string()),
  seconds: z.number().min(0),
});

const report = z.strictObject({
  schema: z.literal("civitai-dl/gate"),
  version: z.literal(1),
  phase: z.string(),
  title: z.string(),
  verdict: z.enum(["pass", "fail", "inconclusive"]),
  isPartial: z.boolean(),
  leftOut: z.array(z.string()),
  commit: z.string(),
  isDirty: z.boolean().nullable(),
  at: z.iso.datetime(),
  rows: z.array(row).min(1),
});

/** Check the JSON form of a gate's report exactly. */
export function checkGateReport(text: string): GateReport {
  return report.parse(JSON.parse(text)) as GateReport;
}
