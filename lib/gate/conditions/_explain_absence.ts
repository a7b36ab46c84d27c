import type { Evidence } from "../../base/mod.ts";
import type { FindEvidenceResult } from "../evidence/find_evidence.ts";
import { noFindings, type RowFindings } from "./_row_findings.ts";

/** The evidence that a condition needs. */
export interface ExplainAbsenceOptions {
  /** The kind of report, such as `civitai-dl/stability`. */
  readonly schema: string;
  /** Names of the required claims; `*` stands for any text. */
  readonly wanted: readonly string[];
  /** Lists the required claims that a report does not contain. */
  readonly missingIn: (evidence: Evidence) => readonly string[];
}

/** Explain why no acceptable report contains all required claims. */
export function explainAbsence({ found, misfits }: FindEvidenceResult, options: ExplainAbsenceOptions): RowFindings {
  const { schema, wanted, missingIn } = options;
  // The strongest of those that fail worst. Blame only misfits that contain all the claims. An unreadable report may contain them.
  const suspects = misfits.filter(({ evidence }) => evidence === undefined || missingIn(evidence).length === 0);
  const worst = suspects.filter(({ verdict }) => verdict === suspects[0]!.verdict);
  const blamed = worst.find(({ evidence }) => evidence !== undefined) ?? worst[0];
  if (blamed !== undefined) {
    return { ...noFindings(blamed.verdict, `${blamed.name}: ${blamed.reason}`), evidence: blamed.name };
  }
  const offered = [...found, ...misfits].flatMap(({ evidence }) => evidence === undefined ? [] : [missingIn(evidence)]);
  if (offered.length === 0) return noFindings("not evaluated", `there is no report of ${schema}`);
  const missing = wanted.filter((name) => offered.every((names) => names.includes(name)));
  const missingText = missing.length > 0 ? missing.join(", ") : `all of ${wanted.join(", ")}`;
  return noFindings("not evaluated", `no report of ${schema} has ${missingText}`);
}
