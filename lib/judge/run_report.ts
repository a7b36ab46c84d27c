import type { EvidenceHeader } from "../base/mod.ts";
import type { Claim } from "./claim.ts";
import { verdictOf, type WholeVerdict } from "./verdict_of.ts";

/** Why a run ended, or that it is still going on. */
export type ReportEnd =
  | { readonly type: "running" }
  | { readonly type: "planned" }
  | { readonly type: "signal"; readonly reason: string }
  | { readonly type: "claim"; readonly claim: string };

/** What the reports of all runs have: why they ended, and what they claim. */
export interface RunReport extends EvidenceHeader {
  /** The verdict on all claims together; `aborted` if the run was stopped. */
  readonly verdict: RunVerdict;
  /** Why the run ended, or that it is still going on. */
  readonly end: ReportEnd;
  /** The judged claims. */
  readonly claims: readonly Claim[];
}

/** The verdict on a run; `aborted` if it was stopped. */
export type RunVerdict = WholeVerdict | "aborted";

/** The verdict on a run by its claims; one that was ended by a claim has failed. */
export function verdictOfRun(claims: readonly Claim[], end: ReportEnd): RunVerdict {
  if (end.type === "signal") return "aborted";
  return end.type === "claim" ? "fail" : verdictOf(claims);
}
