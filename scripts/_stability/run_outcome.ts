import { EXIT_CODES } from "../../lib/base/mod.ts";
import { Outcome } from "../../lib/cli/mod.ts";
import { ShownReport } from "../_frame/shown_report.ts";

const CODES = { pass: 0, fail: EXIT_CODES.failed, inconclusive: EXIT_CODES.inconclusive, aborted: undefined };

/** The exit code of a run by its verdict; if it was interrupted, the frame derives the code from the signal. */
export function runOutcome(report: { readonly verdict: keyof typeof CODES }, text: string): Outcome {
  return new Outcome(new ShownReport(report, text), CODES[report.verdict]);
}
