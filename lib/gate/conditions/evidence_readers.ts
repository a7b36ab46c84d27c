import type { Evidence } from "../../base/mod.ts";
import type { Measured } from "../../judge/mod.ts";
import type { GateProblem } from "./gate_report.ts";

/** Functions that know a kind of report; the gate itself knows only headers and claims. */
export interface EvidenceReaders {
  /**
   * Derives further claims from a report's samples, which are judged in addition to the claims that it contains.
   */
  readonly claimsOf?: ((evidence: Evidence) => readonly Measured[]) | undefined;
  /** Lists what a report knows about a claim that failed: files, jobs, stacks, and the command that repeats it. */
  readonly problemsOf?: ((evidence: Evidence, claim: string) => readonly GateProblem[]) | undefined;
}
