import { canonicalJson, KitError, openEvidence } from "../../base/mod.ts";
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
 * @throws {EvidenceError} If the report is incomplete, was modified, or has another schema
 * @throws {KitError} `unsafe` if commit, machine or settings differ, because a report describes only one of each;
 * `usage` if the planned time is already over
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sealEvidence } from "@civitai-dl/civitai-dl";
 * import { evidenceHeader } from "@civitai-dl/civitai-dl/bench";
 * import { resumeSoak, runSoak } from "@civitai-dl/civitai-dl/soak";
 *
 * const times = { startedAt: new Date().toISOString(), startedMs: performance.now(), plannedMs: 100, seed: null };
 * const facts = { ...await evidenceHeader("shop/soak", { ...times, folder: "." }), settings: {} };
 * const first = await runSoak({ plannedMs: 100, intervalMs: 100, work: () => Promise.resolve() });
 * const text = JSON.stringify(sealEvidence({ ...facts, ...first, endedAt: new Date().toISOString() }));
 * const plannedMs = first.actualMs + 100;
 * const report = resumeSoak(text, { ...facts, plannedMs });
 * const resume = { report, endedAt: report.endedAt };
 * const whole = await runSoak({ plannedMs, intervalMs: 100, work: () => Promise.resolve(), resume });
 * assertEquals([whole.sittings.length, whole.end.type], [2, "planned"]);
 * ```
 */
export function resumeSoak(text: string, facts: SoakResumeFacts): SoakEvidence {
  const { schema, version, commit, machine, settings } = facts;
  const report = openEvidence(text, { schema, version }) as unknown as SoakEvidence;
  const { plannedMs = report.plannedMs } = facts;
  if (report.commit.sha !== commit.sha || report.commit.isDirty !== commit.isDirty) {
    const [was, is] = [report.commit, commit].map(({ sha, isDirty }) =>
      `${sha === "" ? "no commit" : `commit ${sha}`}${isDirty ? "+" : ""}`
    );
    throw new KitError("unsafe", `Cannot resume: the run was started with ${was}, this is ${is}`, {
      hint: "Check out the same commit, or start a new run",
    });
  }
  const others = (["cpu", "cores", "arch"] as const).filter((key) => report.machine[key] !== machine[key]);
  if (others.length > 0) {
    const changes = others.map((key) => `${key} was ${report.machine[key]}, is now ${machine[key]}`);
    throw new KitError("unsafe", `Cannot resume: the run was started on another machine: ${changes.join("; ")}`, {
      hint: "Resume it on that machine, or start a new run",
    });
  }
  if (canonicalJson(report.settings) !== canonicalJson(settings)) {
    throw new KitError("unsafe", "Cannot resume: the run was started with different settings", {
      hint: `Its settings: ${canonicalJson(report.settings)}`,
    });
  }
  if (report.actualMs >= plannedMs) {
    throw new KitError("usage", `Cannot resume: the run is complete after ${report.actualMs / 1000} s`, {
      hint: "Pass a longer --duration to continue",
    });
  }
  return report;
}
