import type { EvidenceContext, EvidenceMisfit } from "./evidence_context.ts";
import { type Evidence, EvidenceError, openEvidence } from "../../base/mod.ts";
import { explainMisfit } from "./_explain_misfit.ts";
import type { EvidenceDemand } from "../config/gate_config.ts";

/** A file that may contain a report. */
export interface EvidenceFile {
  /**
   * Name of the file in messages. If it begins with the last part of a schema's name, such as `stability`, it also
   * identifies a truncated report.
   */
  readonly name: string;
  /** The content, not parsed yet. */
  readonly text: string;
}

/** A report that meets the demand. */
export interface FoundEvidence {
  /** Name of the report's file. */
  readonly name: string;
  /** The opened report. */
  readonly evidence: Evidence;
}

/** The examined reports, by whether they meet the demand. */
export interface FindEvidenceResult {
  /** Reports that meet the demand, the strongest first: the one that worked longest, then the newest. */
  readonly found: readonly FoundEvidence[];
  /** Reports that do not meet it, in the order `fail`, `inconclusive`, `not evaluated`; of each the strongest first. */
  readonly misfits: readonly EvidenceMisfit[];
}

const ORDER = ["fail", "inconclusive", "not evaluated"];

/**
 * Find the reports that meet a condition's demand.
 *
 * @param files The files to examine; those of other schemas are ignored
 * @param demand The condition's demand
 * @param context Time, version control and machine
 * @returns The reports that meet the demand, and the others with the reasons why they do not
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
      // A version that this program does not read is not damaged.
      const verdict = opened.problem === "version" ? "not evaluated" : "fail";
      if (opened.problem !== "schema") misfits.push({ name, reason: opened.message, verdict });
      continue;
    }
    const misfit = await explainMisfit(opened, demand, context);
    if (misfit === null) found.push({ name, evidence: opened });
    else misfits.push({ ...misfit, name, evidence: opened });
  }
  found.sort(compareStrength);
  misfits.sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) || compareStrength(a, b));
  return { found, misfits };
}

/** Compare reports by their time of work, then by their end; an unreadable one is the weakest. */
function compareStrength(a: Pick<EvidenceMisfit, "evidence">, b: Pick<EvidenceMisfit, "evidence">): number {
  const [one, other] = [a, b].map(({ evidence }) => ({
    actualMs: evidence?.actualMs ?? -1,
    end: Date.parse(evidence?.endedAt ?? "1970"),
  }));
  return other!.actualMs - one!.actualMs || other!.end - one!.end;
}

/** Open a report. An error is returned, not thrown, so that one bad file does not stop the others. */
function open(text: string, schema: string): Evidence | EvidenceError {
  try {
    return openEvidence(text, { schema });
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    return error;
  }
}

/** Whether a file is meant to be a report of the schema. A truncated file may still show that in its text or name. */
function mentions(text: string, name: string, schema: string): boolean {
  const stated = /"schema"\s*:\s*"([^"]*)"/.exec(text)?.[1];
  if (stated !== undefined) return stated === schema;
  const kind = schema.split("/").at(-1)!;
  return name.split(/[\\/]/).at(-1)!.startsWith(kind);
}
