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
