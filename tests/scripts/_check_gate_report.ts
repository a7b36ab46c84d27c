import * as z from "zod";
import { openEvidence } from "../../lib/base/mod.ts";
import type { GateDocument } from "../../scripts/_gate/gate_document.ts";

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
  verdict: z.enum(["pass", "fail", "inconclusive", "not evaluated"]),
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
  phaseVerdict: z.enum(["pass", "fail", "inconclusive"]),
  isPartial: z.boolean(),
  isStopped: z.boolean(),
  leftOut: z.array(z.string()),
  notes: z.array(z.string()),
  tool: z.strictObject({ name: z.string(), version: z.string(), deno: z.string(), v8: z.string() }),
  commit: z.strictObject({ sha: z.string(), isDirty: z.boolean(), ref: z.string() }),
  machine: z.strictObject({
    cpu: z.string(),
    cores: z.int(),
    memoryBytes: z.int(),
    kernel: z.string(),
    arch: z.string(),
  }),
  seed: z.null(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  plannedMs: z.literal(0),
  actualMs: z.int().min(0),
  rows: z.array(row).min(1),
});

/** Check the JSON form of a gate's report exactly. */
export function checkGateReport(text: string): GateDocument {
  openEvidence(text, { schema: "civitai-dl/gate" });
  return report.parse(JSON.parse(text)) as GateDocument;
}
