import { canonicalJson, type EvidenceCommit, type EvidenceMachine, KitError } from "../../base/mod.ts";

/** What a report describes exactly one of. */
export interface RunIdentity {
  /** The commit under test. */
  readonly commit: EvidenceCommit;
  /** The machine. */
  readonly machine: EvidenceMachine;
  /** The settings of the run. */
  readonly settings: unknown;
}

/**
 * Throw unless a run may be continued here: a report describes one commit, one machine and one set of settings.
 *
 * @param report The report of the run
 * @param now The current program, machine and settings
 * @throws {KitError} `unsafe` if one of them differs
 */
export function assertSameRun(report: RunIdentity, now: RunIdentity): void {
  const { commit, machine, settings } = now;
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
}
