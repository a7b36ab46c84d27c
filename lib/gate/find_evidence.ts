import { type Evidence, EvidenceError, type EvidenceMachine, openEvidence } from "../base/mod.ts";
import { explainMisfit } from "./_explain_misfit.ts";
import type { EvidenceDemand } from "./gate_config.ts";
import type { GateRepository } from "./gate_repository.ts";

/** A file that may be a report. */
export interface EvidenceFile {
  /** How messages name it. */
  readonly name: string;
  /** Its text. */
  readonly text: string;
}

/** What a report is held against, besides what the condition demands. */
export interface EvidenceContext {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The working folder's version control; `null` if there is none. */
  readonly repository: GateRepository | null;
  /** This machine. */
  readonly machine: EvidenceMachine;
}

/** A report that may be believed. */
export interface FoundEvidence {
  /** The file. */
  readonly name: string;
  /** The report. */
  readonly evidence: Evidence;
}

/** Why a report is not believed, and what that means for the condition. */
export interface EvidenceMisfit {
  /** The file. */
  readonly name: string;
  /** What it says; absent if it cannot be read, or was edited. */
  readonly evidence?: Evidence | undefined;
  /** Why it is not believed, for a person. */
  readonly reason: string;
  /** A report that claims what it is not fails; one that is old or of elsewhere only does not count. */
  readonly verdict: "fail" | "inconclusive" | "not evaluated";
}

/** What the offered files hold. */
export interface FindEvidenceResult {
  /** Reports that may be believed, the newest first. */
  readonly found: readonly FoundEvidence[];
  /** Those that may not, what fails first. */
  readonly misfits: readonly EvidenceMisfit[];
}

const ORDER = ["fail", "inconclusive", "not evaluated"];

/**
 * Look for reports that a condition may believe.
 *
 * @param files What is offered; files of other schemas are passed over
 * @param demand What the condition demands
 * @param context Time, commit and machine
 * @returns The reports, and why others are none
 */
export async function findEvidence(
  files: readonly EvidenceFile[],
  demand: EvidenceDemand,
  context: EvidenceContext,
): Promise<FindEvidenceResult> {
  const found: FoundEvidence[] = [];
  const misfits: EvidenceMisfit[] = [];
  for (const { name, text } of files) {
    if (!mentions(text, name, demand.schema)) continue;
    const opened = open(text, demand.schema);
    if (opened instanceof EvidenceError) {
      if (opened.problem !== "schema") misfits.push({ name, reason: opened.message, verdict: "fail" });
      continue;
    }
    const misfit = await explainMisfit(opened, demand, context);
    if (misfit === null) found.push({ name, evidence: opened });
    else misfits.push({ ...misfit, name, evidence: opened });
  }
  found.sort((a, b) => Date.parse(b.evidence.endedAt) - Date.parse(a.evidence.endedAt));
  misfits.sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
  return { found, misfits };
}

/** One bad file must not keep the others from being read: what is wrong with it comes back. */
function open(text: string, schema: string): Evidence | EvidenceError {
  try {
    return openEvidence(text, { schema });
  } catch (error) {
    if (error instanceof EvidenceError) return error;
    // What can be parsed but not sealed: a number such as 1e999, or lists in lists without end.
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    return new EvidenceError("unreadable", `nobody can have sealed it: ${error.message}`, { cause: error });
  }
}

/** Whether a file means to be of a schema; one that is cut off may still say so in its text or its name. */
function mentions(text: string, name: string, schema: string): boolean {
  const stated = /"schema"\s*:\s*"([^"]*)"/.exec(text)?.[1];
  if (stated !== undefined) return stated === schema;
  const kind = schema.split("/").at(-1)!;
  return name.split(/[\\/]/).at(-1)!.startsWith(kind);
}
