import { canonicalJson, KitError, openEvidence } from "../../base/mod.ts";
import type { SoakEvidence, SoakFacts } from "./open_soak_files.ts";

/** What a run that is resumed must have in common with what it was. */
export interface SoakResumeFacts extends Pick<SoakFacts, "schema" | "version" | "commit" | "machine" | "settings"> {
  /**
   * How long it is to work in all, in milliseconds; may be more than before.
   *
   * @default {as before}
   */
  readonly plannedMs?: number | undefined;
}

/**
 * Read an earlier report, to go on with its run; {@linkcode openSoakFiles} calls it when no other run can write it.
 *
 * @param text The report
 * @param facts What the run is now
 * @returns The report
 * @throws {EvidenceError} If the report is cut off, was changed, or is of another kind
 * @throws {KitError} `unsafe` if program, machine or settings are others: one report cannot tell of two; `usage` if nothing is left
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
