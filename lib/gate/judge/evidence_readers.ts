import type { Evidence } from "../../base/mod.ts";
import type { GateProblem } from "./gate_report.ts";

/** Functions that know a kind of report; the gate itself knows only headers and claims. */
export interface EvidenceReaders {
  /**
   * Derives further claims from a report's samples, in the form that {@linkcode readClaims} reads. They are judged in
   * addition to the claims that the report contains.
   */
  readonly claimsOf?: ((evidence: Evidence) => readonly unknown[]) | undefined;
  /** Lists what a report knows about a claim that failed: files, jobs, stacks, and the command that repeats it. */
  readonly problemsOf?: ((evidence: Evidence, claim: string) => readonly GateProblem[]) | undefined;
}
