import {
  type CurveReport,
  renderCurveHtml,
  renderCurveMarkdown,
  renderSheetJunit,
  type VerdictSheet,
} from "../../report/mod.ts";
import type { SoakEvidence } from "../../soak/mod.ts";
import { commandToDecide } from "./command_to_decide.ts";
import { stabilityReport } from "./stability_report.ts";

/** Render the files that accompany the report, each with its path: Markdown, an HTML page with curves, and JUnit. */
export async function stabilityPages(
  path: string,
  evidence: SoakEvidence,
): Promise<readonly (readonly [path: string, text: string])[]> {
  const report = stabilityReport(evidence);
  const base = path.replace(/\.json$/, "");
  return [
    [`${base}.md`, renderCurveMarkdown(report)],
    [`${base}.html`, await renderCurveHtml(report)],
    [`${base}.xml`, renderSheetJunit(sheetOf(report, evidence))],
  ];
}

function sheetOf(report: CurveReport, evidence: SoakEvidence): VerdictSheet {
  const { title, verdict, notes, claims } = report;
  const commands = new Map(evidence.claims.map((claim) => [claim.id as string, commandToDecide(claim, evidence)]));
  return {
    title,
    notes,
    at: evidence.endedAt,
    verdict: verdict === "aborted" ? "inconclusive" : verdict,
    rows: claims.map(({ id, title, verdict, required, measured, note }) => ({
      id,
      title,
      level: "error",
      verdict,
      required,
      measured,
      reason: note,
      problems: [],
      seconds: 0,
      command: commands.get(id) ?? "",
    })),
  };
}
