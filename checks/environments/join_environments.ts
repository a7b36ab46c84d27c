import {
  type Evidence,
  type EvidenceCommit,
  KitError,
  openEvidence,
  thisMachine,
  thisProgram,
} from "../../lib/base/mod.ts";
import {
  ENVIRONMENT_SCHEMA,
  type EnvironmentClaim,
  type EnvironmentReport,
  ENVIRONMENTS_SCHEMA,
  type EnvironmentsReport,
  SYSTEMS,
} from "./environment_report.ts";

/** A file with the report of one system. */
export interface EnvironmentFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Join the reports of several systems into the one that the gate reads.
 *
 * @param files One file for each system
 * @returns The report, not sealed yet; a system without a file has no claim
 * @throws {EvidenceError} If a report was changed or is of another kind
 * @throws {KitError} `usage` if two reports are of the same system, of different commits or of different tests, or if
 * one was made with uncommitted changes
 */
export function joinEnvironments(files: readonly EnvironmentFile[]): EnvironmentsReport {
  const parts = files.map(({ name, text }) => ({ name, report: openPart(text) }));
  const [first] = parts;
  if (first === undefined) throw new KitError("usage", "Cannot join reports: none was given");
  for (const { name, report } of parts) {
    const problem = describeMisfit(report, first.report);
    if (problem !== null) throw new KitError("usage", `Cannot join "${name}": ${problem}`);
    const other = parts.find((part) => part.name !== name && part.report.system === report.system);
    if (other !== undefined) {
      throw new KitError("usage", `Cannot join "${name}": "${other.name}" is also of ${report.system}`);
    }
  }
  const reports = parts.map(({ report }) => report);
  const times = reports.flatMap(({ startedAt, endedAt }) => [startedAt, endedAt]).toSorted();
  const commit: EvidenceCommit = first.report.commit;
  return {
    schema: ENVIRONMENTS_SCHEMA,
    version: 1,
    tool: thisProgram(),
    commit,
    machine: thisMachine(),
    seed: null,
    startedAt: times[0]!,
    endedAt: times.at(-1)!,
    plannedMs: 0,
    // They run at the same time.
    actualMs: Math.max(...reports.map(({ actualMs }) => actualMs)),
    settings: first.report.settings,
    claims: Object.values(SYSTEMS).flatMap((system) => {
      const report = reports.find((one) => one.system === system);
      return report === undefined ? [] : [claimOf(report)];
    }),
    parts: reports,
  };
}

type OpenedReport = EnvironmentReport & Evidence;

function openPart(text: string): OpenedReport {
  const report = openEvidence(text, { schema: ENVIRONMENT_SCHEMA }) as unknown as OpenedReport;
  const isComplete = Object.values(SYSTEMS).includes(report.system) && Array.isArray(report.claims) &&
    report.claims.length > 0 && typeof report.settings?.tests === "string";
  if (!isComplete) throw new KitError("usage", "Cannot join reports: one has no system, tests or claims");
  return report;
}

function describeMisfit({ commit, settings }: OpenedReport, first: OpenedReport): string | null {
  if (commit.sha === "") return "it names no commit";
  if (commit.isDirty) return `it was made with uncommitted changes to commit ${commit.sha.slice(0, 9)}`;
  if (commit.sha !== first.commit.sha) {
    return `it is of commit ${commit.sha.slice(0, 9)}, the first one of ${first.commit.sha.slice(0, 9)}`;
  }
  if (settings.tests !== first.settings.tests) {
    return `its tests are ${settings.tests}, those of the first one ${first.settings.tests}`;
  }
  return null;
}

/** What the whole report claims of one system. */
function claimOf({ system, claims, machine, tool }: OpenedReport): EnvironmentClaim {
  const bad = claims.filter(({ verdict }) => verdict !== "pass");
  const sum = (key: "events" | "trials") => claims.reduce((total, claim) => total + claim[key], 0);
  const place = `${machine.kernel}, ${machine.arch}, Deno ${tool.deno}`;
  const notes = (bad.length === 0 ? claims : bad).map(({ id, note }) => `${id}: ${note}`).join("; ");
  return {
    id: system,
    events: sum("events"),
    trials: sum("trials"),
    verdict: bad.length === 0 ? "pass" : "fail",
    note: `${notes} (${place})`,
  };
}
