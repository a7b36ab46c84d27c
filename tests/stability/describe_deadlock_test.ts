import { assertEquals, assertStringIncludes } from "@std/assert";
import { renderReportText } from "../../lib/report/mod.ts";
import { describeDeadlock } from "../../lib/stability/describe_deadlock.ts";
import { stabilityReport } from "../../lib/stability/report/stability_report.ts";
import { sampleEvidence } from "../helpers/evidence/soak_evidence.ts";

const ENTRY = { id: "7-verify", jobIndex: 7, at: "2026-01-01T00:00:00.000Z", dump: null, jobs: [] };

Deno.test("a deadlock report states its kind: too long without progress, or unfinished at the end", async () => {
  const late = { ...ENTRY, silentMs: 2, drainMs: 60_000 };
  assertEquals(describeDeadlock({ ...ENTRY, silentMs: 61_000 }), "7-verify stood still for 1m 1s");
  assertEquals(describeDeadlock(late), "7-verify was not done when the run and 1m more were over");
  const text = renderReportText(stabilityReport({ ...await sampleEvidence(), deadlocks: [late] }));
  assertStringIncludes(text, "7-verify was not done when the run and 1m more were over");
});
