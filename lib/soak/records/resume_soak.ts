import { KitError, openEvidence } from "../../base/mod.ts";
import { assertSameRun } from "./assert_same_run.ts";
import type { SoakEvidence, SoakFacts } from "./open_soak_files.ts";

/** The facts that must be equal to those in the report of the run to resume. */
export interface SoakResumeFacts extends Pick<SoakFacts, "schema" | "version" | "commit" | "machine" | "settings"> {
  /**
   * The total duration of the run in milliseconds. It may be longer than before, to extend the run.
   *
   * @default {that of the report}
   */
  readonly plannedMs?: number | undefined;
}

/**
 * Parse the report of an earlier run, to resume the run. {@linkcode openSoakFiles} calls it while it holds the lock.
 *
 * @param text The text of the report
 * @param facts The current program, commit, machine and settings
 * @returns The parsed report
 * @throws {EvidenceError} If the report is incomplete, or has another schema
 * @throws {KitError} `unsafe` if commit, machine or settings differ, because a report describes only one of each;
 * `usage` if the planned time is already over
 */
export function resumeSoak(text: string, facts: SoakResumeFacts): SoakEvidence {
  const { schema, version, commit, machine, settings } = facts;
  const report = openEvidence(text, { schema, version }) as unknown as SoakEvidence;
  const { plannedMs = report.plannedMs } = facts;
  assertSameRun(report, { commit, machine, settings });
  if (report.actualMs >= plannedMs) {
    throw new KitError("usage", `Cannot resume: the run is complete after ${report.actualMs / 1000} s`, {
      hint: "Pass a longer --duration to continue",
    });
  }
  return report;
}
