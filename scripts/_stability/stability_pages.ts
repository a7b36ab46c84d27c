import { writeAtomic } from "../../lib/base/mod.ts";
import {
  type CurveReport,
  renderCurveHtml,
  renderCurveMarkdown,
  renderSheetJunit,
  type VerdictSheet,
} from "../../lib/report/mod.ts";
import type { SoakEvidence } from "../../lib/soak/mod.ts";
import { stabilityReport } from "./stability_report.ts";

/** Write what people and machines read besides the report: Markdown, a page with curves, and JUnit. */
export async function writeStabilityPages(path: string, evidence: SoakEvidence): Promise<void> {
  const report = stabilityReport(evidence);
  const base = path.replace(/\.json$/, "");
  await writeAtomic(`${base}.md`, renderCurveMarkdown(report));
  await writeAtomic(`${base}.html`, await renderCurveHtml(report));
  await writeAtomic(`${base}.xml`, renderSheetJunit(sheetOf(report, evidence)));
}

function sheetOf(report: CurveReport, evidence: SoakEvidence): VerdictSheet {
  const { title, verdict, notes, claims } = report;
  return {
    ...{ title, notes, at: evidence.endedAt, verdict: verdict === "aborted" ? "inconclusive" : verdict },
    rows: claims.map(({ id, title, verdict, required, measured, note }) => ({
      ...{ id, title, level: "error", verdict, required, measured, reason: note, problems: [], seconds: 0 },
      command: verdict === "inconclusive" ? "civitai-dl stability --duration 4h" : "",
    })),
  };
}
