import { type Evidence, EvidenceError, openEvidence } from "../../lib/base/mod.ts";
import {
  canFailBy,
  type EvidenceContext,
  type EvidenceDemand,
  type EvidenceFile,
  type EvidenceMisfit,
  findEvidence,
} from "../../lib/gate/mod.ts";
import type { EvidenceStep, StepState } from "./evidence_step.ts";

/** What there is when a step is looked at. */
export interface StepFacts {
  /** All reports, of any kind. */
  readonly files: readonly EvidenceFile[];
  /** Path of the report that the step's command writes. */
  readonly path: string;
  /** Time, version control and machine. */
  readonly context: EvidenceContext;
  /** Conditions that a new report would not serve either; they do not keep the step from being done. */
  readonly except: readonly string[];
}

/** What is to be done for a step, and which reports its conditions have. */
export interface StepFindings {
  readonly state: StepState;
  /** Names of the files that the gate would judge its conditions by. */
  readonly reports: readonly string[];
}

/**
 * Decide what is to be done for a step, by the rules of the gate: a report of an earlier commit counts as long as nothing
 * that it is made from has changed.
 *
 * @param step The step
 * @param facts The reports, and the circumstances
 * @returns `done` if the gate would judge its conditions by reports that are complete; `to continue` if its own report
 * is of a run that was stopped and can go on
 */
export async function stateOfStep(step: EvidenceStep, facts: StepFacts): Promise<StepFindings> {
  const { except } = facts;
  const needed = step.conditions.filter((id) => !except.includes(id));
  const ids = needed.length === 0 ? step.conditions : needed;
  const names = await Promise.all(ids.map((id) => findReport(step.demands[id]!, facts)));
  const reports = [...new Set(names.filter((name) => name !== null))];
  if (!names.includes(null)) return { state: "done", reports };
  return { state: step.isResumable && isStopped(step, facts) ? "to continue" : "to make", reports };
}

/** Find the report by which the gate would judge; a failed claim that ended a run is its result. */
async function findReport(demand: EvidenceDemand, { files, context }: StepFacts): Promise<string | null> {
  const { found, misfits } = await findEvidence(files, demand, context);
  return found[0]?.name ?? misfits.find((misfit) => isRefuted(misfit, demand))?.name ?? null;
}

function isRefuted({ canRefute, evidence }: EvidenceMisfit, demand: EvidenceDemand): boolean {
  if (canRefute !== true || evidence === undefined || endOf(evidence) !== "claim") return false;
  const { claim } = evidence.end as { readonly claim?: unknown };
  return canFailBy(evidence, demand, String(claim));
}

/** Whether the step's own report is of a run that was stopped at this commit: a report describes one commit. */
function isStopped({ schema }: EvidenceStep, { files, path, context }: StepFacts): boolean {
  const text = files.find(({ name }) => name === path)?.text;
  const report = text === undefined ? null : open(text, schema);
  if (report === null || report.commit.isDirty || report.commit.sha !== context.repository?.sha) return false;
  return ["running", "signal"].includes(endOf(report));
}

/** How a run ended; empty for reports that do not tell. */
function endOf({ end }: Evidence): string {
  return typeof end === "object" && end !== null && "type" in end && typeof end.type === "string" ? end.type : "";
}

function open(text: string, schema: string): Evidence | null {
  try {
    return openEvidence(text, { schema });
  } catch (error) {
    if (error instanceof EvidenceError) return null;
    throw error;
  }
}

/** A file that no condition accepts as its report. */
export interface UnusedFile {
  readonly name: string;
  /** Why, as the gate says it. */
  readonly reason: string;
}

/** List the files that meet none of the demands, each with the reason. */
export async function listUnused(
  files: readonly EvidenceFile[],
  demands: readonly EvidenceDemand[],
  context: EvidenceContext,
): Promise<readonly UnusedFile[]> {
  const unused: UnusedFile[] = [];
  for (const file of files) {
    const results = await Promise.all(demands.map((demand) => findEvidence([file], demand, context)));
    if (results.some(({ found }) => found.length > 0)) continue;
    const misfit = results.flatMap(({ misfits }) => misfits)[0];
    unused.push({ name: file.name, reason: misfit?.reason ?? "no condition asks for a report of its kind" });
  }
  return unused;
}
