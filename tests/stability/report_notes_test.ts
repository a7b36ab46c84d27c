import { assertEquals, assertStringIncludes } from "@std/assert";
import { renderReportHtml, renderReportMarkdown, renderReportText } from "../../lib/report/mod.ts";
import { stabilityReport } from "../../lib/stability/report/stability_report.ts";
import { sampleEvidence } from "../helpers/evidence/soak_evidence.ts";

Deno.test("a stability report lists unfinished and waiting jobs in text, Markdown and page", async () => {
  const notes = [
    "2 jobs were unfinished when the run ended, was stopped or killed",
    "Of 400 jobs that fell due 36 began",
  ];
  const report = stabilityReport({ ...await sampleEvidence(), notes });
  for (const shown of [renderReportText(report), renderReportMarkdown(report), renderReportHtml(report)]) {
    for (const note of notes) assertStringIncludes(shown, `${note}.`);
  }
});

Deno.test("a stability report says that the run could not keep its pace, what follows, and which flags to change", async () => {
  const sample = await sampleEvidence();
  const settings = { toxics: "mild", lanes: 4, pace: 1 };
  const schedule = {
    due: 1800,
    begun: 1403,
    waiting: 397,
    longestWaitMs: 397_000,
    p50Ms: 285_340,
    p99Ms: 408_564,
    maxMs: 421_217,
  };
  const behind = { ...sample, settings, schedule, actualMs: 1_800_000 };
  const note =
    "It could not keep its pace of 1 job a second: 4 lanes began 0.78 jobs a second. The claims hold for the " +
    "jobs that were done, which are fewer than planned, and the latencies (p99 6m 49s) are mostly time spent waiting for " +
    "a lane. For the next run, set --lanes above 4, up to 16, or --pace 0.66.";
  for (const shown of [renderReportText(stabilityReport(behind)), renderReportMarkdown(stabilityReport(behind))]) {
    assertStringIncludes(shown, note);
  }
  const most = stabilityReport({ ...behind, settings: { ...settings, lanes: 16 } });
  assertStringIncludes(renderReportText(most), "For the next run, set --pace 0.66.");
  // A few jobs that wait for seconds are a burst of silences.
  const burst = { ...schedule, begun: 1796, waiting: 4, longestWaitMs: 4000 };
  assertEquals(renderReportText(stabilityReport({ ...behind, schedule: burst })).includes("pace"), false);
});

Deno.test("a stability report has the command that repeats a failed claim, and the stack of a crash", async () => {
  const sample = await sampleEvidence();
  const failures = [{
    jobIndex: 7,
    kind: "lost" as const,
    text: '7-update: The process ended with 1, last at "start models/a.pt"\n    at openRange (lib/a.ts:3:1)',
  }];
  const claims = sample.claims.map((claim) =>
    claim.id === "success_rate" ? { ...claim, verdict: "fail" as const } : { ...claim, verdict: "pass" as const }
  );
  const settings = { toxics: "mild", lanes: 4, pace: 2 };
  const report = stabilityReport({ ...sample, claims, failures, settings, seed: 3, plannedMs: 7_200_000 });
  for (const shown of [renderReportText(report), renderReportMarkdown(report)]) {
    assertStringIncludes(shown, "Repeat success_rate from its seed: deno task stability --duration 2m4s --seed 3 ");
    assertStringIncludes(shown, "at openRange (lib/a.ts:3:1)");
  }
});
