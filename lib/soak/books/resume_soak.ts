import { canonicalJson, KitError, openEvidence } from "../../base/mod.ts";
import type { SoakEvidence, SoakFacts } from "./open_soak_files.ts";

/** The facts that must equal those in the report of the run to resume. */
export interface SoakResumeFacts extends Pick<SoakFacts, "schema" | "version" | "commit" | "machine" | "settings"> {
  /**
   * The total duration of the run in milliseconds; may be more than before, to extend the run.
   *
   * @default {that of the report}
   */
  readonly plannedMs?: number | undefined;
}

/**
 * Parse the report of an earlier run, to resume the run. {@linkcode openSoakFiles} calls it while it holds the lock.
 *
 * @param text The text of the report
 * @param facts The present program, machine and settings
 * @returns The parsed report
 * @throws {EvidenceError} If the report is incomplete, was modified, or has another schema
 * @throws {KitError} `unsafe` if commit, machine or settings differ, because a report describes only one of each;
 * `usage` if the planned time is already over
 */
export function resumeSoak(text: string, facts: SoakResumeFacts): SoakEvidence {
  const { schema, version, commit, machine, settings } = facts;
  const report = openEvidence(text, { schema, version }) as unknown as SoakEvidence;
  const { plannedMs = report.plannedMs } = facts;
  if (report.commit.sha !== commit.sha || report.commit.isDirty !== commit.isDirty) {
    const [was, is] = [report.commit, commit].map(({ sha, isDirty }) => `${sha || "no commit"}${isDirty ? "+" : ""}`);
    throw new KitError("unsafe", `Cannot resume: the run began with ${was}, and this is ${is}`, {
      hint: "Check out the same commit, or begin a new run",
    });
  }
  const others = (["cpu", "cores", "arch"] as const).filter((key) => report.machine[key] !== machine[key]);
  if (others.length > 0) {
    const words = others.map((key) => `${key} was ${report.machine[key]}, and is ${machine[key]}`);
    throw new KitError("unsafe", `Cannot resume: the run began on another machine: ${words.join("; ")}`, {
      hint: "Go on with it there, or begin a new run",
    });
  }
  if (canonicalJson(report.settings) !== canonicalJson(settings)) {
    throw new KitError("unsafe", "Cannot resume: the run began with other settings", {
      hint: `It had ${canonicalJson(report.settings)}`,
    });
  }
  if (report.actualMs >= plannedMs) {
    throw new KitError("usage", `Cannot resume: all of its ${report.actualMs / 1000} s are done`, {
      hint: "Give a longer --duration to go on",
    });
  }
  return report;
}
