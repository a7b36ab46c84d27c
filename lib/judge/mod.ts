/**
 * The one judge of all reports: claims from what was measured, by what is required. The command that made a report asks
 * it by its own limits, the gate by those of config/phases.yml.
 *
 * @module
 */
export type { Claim, ClaimKind, GrowthSeries, Measured, RatioEvidence, RatioSamples, Verdict } from "./claim.ts";
export { decidingBound, describeMeasured } from "./describe_claim.ts";
export { formatLimit, formatOperator, formatTrials } from "./format_amount.ts";
export { formatBeside, type FormatBesideOptions, type ShownLimit } from "./format_beside.ts";
export { judgeClaim, judgeClaims, type JudgeOptions } from "./judge_claims.ts";
export { type Limit, meets, parseRequirement, type Requirement } from "./requirement.ts";
export { type ReportEnd, type RunReport, type RunVerdict, verdictOfRun } from "./run_report.ts";
export { leaveOpen, VERDICT_EXITS, verdictOf, type WholeVerdict } from "./verdict_of.ts";
