import { assertStringIncludes } from "@std/assert";
import { renderCurveHtml, renderCurveMarkdown, renderCurveText } from "../../lib/report/mod.ts";
import { stabilityReport } from "../../lib/stability/report/stability_report.ts";
import { sampleEvidence } from "../helpers/evidence/soak_evidence.ts";

Deno.test("a stability report lists unfinished and waiting jobs in text, Markdown and page", async () => {
  const notes = [
    "2 jobs were unfinished when the run ended, was stopped or killed",
    "Of 400 jobs that fell due 36 began",
  ];
  const report = stabilityReport({ ...await sampleEvidence(), notes });
  for (const shown of [renderCurveText(report), renderCurveMarkdown(report), await renderCurveHtml(report)]) {
    for (const note of notes) assertStringIncludes(shown, `${note}.`);
  }
});

Deno.test("a stability report has the command that repeats a failed claim, and the stack of a crash", async () => {
  const sample = await sampleEvidence();
  const failures = ['7-update: The process ended with 1, last at "start models/a.pt"\n    at openRange (lib/a.ts:3:1)'];
  const claims = sample.claims.map((claim) =>
    claim.id === "success_rate" ? { ...claim, verdict: "fail" as const } : { ...claim, verdict: "pass" as const }
  );
  const settings = { toxics: "mild", lanes: 4, perSecond: 2 };
  const report = stabilityReport({ ...sample, claims, failures, settings, seed: 3, plannedMs: 7_200_000 });
  for (const shown of [renderCurveText(report), renderCurveMarkdown(report)]) {
    assertStringIncludes(shown, "Repeat success_rate from its seed: deno task stability --duration 2m4s --seed 3 ");
    assertStringIncludes(shown, "at openRange (lib/a.ts:3:1)");
  }
});
