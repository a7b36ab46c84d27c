import { type Evidence, formatDuration } from "../../base/mod.ts";
import { type Claim, readClaims } from "../evidence/claim.ts";
import { type EvidenceFile, findEvidence, type FoundEvidence } from "../evidence/find_evidence.ts";
import type { EvidenceContext } from "../evidence/evidence_context.ts";
import type { ConditionSource, GateCondition } from "../config/gate_config.ts";
import type { GateVerdict } from "./gate_report.ts";
import { type ClaimJudgement, judgeClaim } from "./_judge_claim.ts";
import { explainAbsence } from "./_explain_absence.ts";
import { pickClaims } from "./_pick_claims.ts";
import type { RowFindings } from "./_row_findings.ts";

type EvidenceSource = Extract<ConditionSource, { type: "evidence" }>;

/** Verdicts in order of precedence: the verdict of a condition is the first one that any of its claims has. */
const ORDER: readonly GateVerdict[] = ["fail", "not evaluated", "inconclusive", "pass"];

/**
 * Find a report that meets a condition's demand, and judge its claims. Other reports that fail the demand are listed in
 * `passedOver`.
 */
export async function judgeEvidence(
  condition: GateCondition,
  source: EvidenceSource,
  files: readonly EvidenceFile[],
  context: EvidenceContext,
  claimsOf: (evidence: Evidence) => readonly unknown[],
): Promise<RowFindings> {
  const { demand, claims: wanted } = source;
  const result = await findEvidence(files, demand, context);
  const passedOver = result.misfits.filter(({ verdict }) => verdict === "fail")
    .map(({ name, reason }) => `${name}: ${reason}`);
  const pick = (evidence: Evidence) => pickClaims(readClaims(evidence, claimsOf(evidence)), wanted);
  for (const report of result.found) {
    const { claims, missing } = pick(report.evidence);
    if (missing.length === 0) return { ...judgeAll(claims, report, condition, source), passedOver };
  }
  const missingIn = (evidence: Evidence) => pick(evidence).missing;
  return explainAbsence(result, { schema: demand.schema, wanted, missingIn });
}

function judgeAll(
  claims: readonly Claim[],
  report: FoundEvidence,
  condition: GateCondition,
  source: EvidenceSource,
): RowFindings {
  const judged = claims.map((claim) => ({ id: claim.id, ...judgeClaim(claim, { ...condition, judge: source.judge }) }));
  const verdict = ORDER.find((one) => judged.some((claim) => claim.verdict === one))!;
  const deciding = judged.filter((claim) => claim.verdict === verdict);
  const worst = deciding[0]!;
  const isMany = judged.length > 1;
  const reason = verdict === "pass"
    ? ""
    : deciding.map((claim) => describe(claim, isMany)).filter((text) => text !== "");
  return {
    verdict,
    estimate: worst.estimate,
    bound: worst.bound,
    count: worst.count,
    evidence: report.name,
    measured: source.judge === "run"
      ? describeRun(judged, report)
      : isMany
      ? describeMany(judged, worst)
      : worst.measured,
    reason: typeof reason === "string" ? reason : reason.join("; "),
    problems: judged.filter((claim) => claim.verdict === "fail")
      .map((claim) => ({ message: `${claim.id}: ${claim.measured}`, file: report.name })),
    passedOver: [],
  };
}

function describe(claim: ClaimJudgement & { readonly id: string }, isMany: boolean): string {
  if (!isMany) return claim.reason;
  return `${claim.id}${claim.reason === "" ? ` is ${claim.verdict}` : `: ${claim.reason}`}`;
}

function describeRun(judged: readonly ClaimJudgement[], report: FoundEvidence): string {
  const held = judged.filter((claim) => claim.verdict === "pass").length;
  const lasted = formatDuration(Math.floor(report.evidence.actualMs / 1000) * 1000);
  return `${lasted}, ${held} of ${judged.length} claims hold`;
}

function describeMany(judged: readonly ClaimJudgement[], worst: ClaimJudgement & { readonly id: string }): string {
  const held = judged.filter((claim) => claim.verdict === "pass").length;
  return `${held} of ${judged.length} hold; ${worst.id}: ${worst.measured}`;
}
