import { Outcome } from "../../lib/cli/mod.ts";
import { type RunReport, VERDICT_EXITS } from "../../lib/judge/mod.ts";
import { renderReportText, type Report } from "../../lib/report/mod.ts";
import { ShownReport } from "../_frame/report/shown_report.ts";

/**
 * What a command that judged a run returns. If the run was interrupted, the frame derives the exit code from the signal.
 *
 * @param report The report, which `--json` prints
 * @param page The same for people
 * @param path Where it was written; `null` if it could not be
 */
export function runOutcome(report: Pick<RunReport, "verdict">, page: Report, path: string | null): Outcome {
  const { verdict } = report;
  const place = path === null ? "" : `\nReport: ${path}\n`;
  const shown = new ShownReport(report, `${renderReportText(page)}${place}`);
  return new Outcome(shown, verdict === "aborted" ? undefined : VERDICT_EXITS[verdict]);
}
