import { type Evidence, formatDuration } from "../../base/mod.ts";
import { type Claim, readClaims } from "../evidence/claim.ts";
import { type EvidenceFile, findEvidence, type FoundEvidence } from "../evidence/find_evidence.ts";
import type { EvidenceContext, EvidenceMisfit } from "../evidence/evidence_context.ts";
import type { ConditionSource, GateCondition } from "../config/gate_config.ts";
import type { GateProblem, GateVerdict } from "./gate_report.ts";
import { formatLimit } from "./_format_amount.ts";
import type { ClaimJudgement } from "./_judge_claim.ts";
import { judgeClaims } from "./_judge_claims.ts";
import { durationFlag } from "./_advise_command.ts";
import { explainAbsence } from "./_explain_absence.ts";
import type { EvidenceReaders } from "./evidence_readers.ts";
import { pickClaims } from "./_pick_claims.ts";
import type { RowFindings } from "./_row_findings.ts";

type EvidenceSource = Extract<ConditionSource, { type: "evidence" }>;

/** Verdicts in order of precedence: the verdict of a condition is the first one that any of its claims has. */
const ORDER: readonly GateVerdict[] = ["fail", "not evaluated", "inconclusive", "pass"];

/** How {@linkcode judgeEvidence} reads reports, and in which circumstances. */
export interface JudgeEvidenceOptions extends EvidenceReaders {
  /** Files that may contain reports. */
  readonly files: readonly EvidenceFile[];
  /** Time, version control and machine. */
  readonly context: EvidenceContext;
}

/**
 * Judge the claims of all reports that meet a condition's demand. One that fails makes the condition fail; otherwise the
 * strongest decides. A report that is unfinished or too short cannot pass, but fails the condition if a claim failed in
 * it. Other reports that fail the demand are listed in `passedOver`.
 */
export async function judgeEvidence(
  condition: GateCondition,
  source: EvidenceSource,
  options: JudgeEvidenceOptions,
): Promise<RowFindings> {
  const { files, context, claimsOf } = options;
  const { demand, claims: wanted } = source;
  const result = await findEvidence(files, demand, context);
  const pick = (evidence: Evidence) => pickClaims(readClaims(evidence, claimsOf?.(evidence)), wanted);
  const judge = (report: FoundEvidence) => {
    const { claims } = pick(report.evidence);
    return claims.length === 0 ? [] : [judgeAll(claims, report, { condition, source, options })];
  };
  const missingIn = (evidence: Evidence) => pick(evidence).missing;
  const whole = result.found.filter(({ evidence }) => missingIn(evidence).length === 0).flatMap(judge);
  // Without all claims, or without its end, a report is no proof; but what failed in it has failed.
  const parts = result.found.filter(({ evidence }) => missingIn(evidence).length > 0).flatMap(judge);
  const short = result.misfits.filter(isRefuter).map((misfit) => ({ misfit, judged: judge(misfit) }));
  const refuting = [
    ...parts,
    ...short.flatMap(({ misfit, judged }) => judged.map((findings) => addReason(findings, misfit))),
  ].filter(({ verdict }) => verdict === "fail");
  const failed = whole.find(({ verdict }) => verdict === "fail") ?? refuting[0];
  const deciding = failed ?? whole[0];
  if (deciding === undefined) return explainAbsence(result, { schema: demand.schema, wanted, missingIn });
  const others = [
    ...[...whole, ...refuting].filter((one) => one !== deciding).map(describeOther),
    ...short.filter(({ judged }) => judged.every(({ verdict }) => verdict !== "fail"))
      .map(({ misfit }) => `${misfit.name}: proves nothing; ${misfit.reason}`),
  ];
  const passedOver = result.misfits.filter((misfit) => misfit.verdict === "fail" && !isRefuter(misfit))
    .map(({ name, reason }) => `${name}: ${reason}`);
  return { ...deciding, others, passedOver };
}

function isRefuter(misfit: EvidenceMisfit): misfit is EvidenceMisfit & FoundEvidence {
  return misfit.canRefute === true && misfit.evidence !== undefined;
}

/** Say of a report in which a claim failed why it could not have proven anything. */
function addReason(findings: RowFindings, { name, reason }: EvidenceMisfit): RowFindings {
  return { ...findings, reason: [findings.reason, `${name}: ${reason}`].filter((text) => text !== "").join("; ") };
}

function describeOther({ evidence, verdict, measured, reason }: RowFindings): string {
  return `${evidence}: ${[verdict, measured, reason].filter((text) => text !== "").join("; ")}`;
}

/** What the claims of a report are judged by. */
interface JudgeAllOptions {
  readonly condition: GateCondition;
  readonly source: EvidenceSource;
  readonly options: EvidenceReaders;
}

function judgeAll(
  claims: readonly Claim[],
  report: FoundEvidence,
  { condition, source, options }: JudgeAllOptions,
): RowFindings {
  const judgements = judgeClaims(claims, { ...condition, judge: source.judge });
  const judged = claims.map((claim, index) => ({ ...claim, ...judgements[index]! }));
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
    unit: worst.unit,
    // Of several, that of the claim whose numbers are shown.
    limit: `${isMany ? `${worst.id} ` : ""}${formatLimit(worst)}`,
    decides: verdict === "inconclusive" ? listFlags(deciding, report, condition.command) : [],
    count: worst.count,
    evidence: report.name,
    measured: source.judge === "run"
      ? describeRun(judged, report)
      : isMany
      ? describeMany(judged, worst)
      : worst.measured,
    reason: typeof reason === "string" ? reason : reason.join("; "),
    problems: judged.filter((claim) => claim.verdict === "fail").flatMap((claim) =>
      listProblems(claim, report, options)
    ),
    others: [],
    passedOver: [],
  };
}

/** The flags with which the command of a condition would decide about claims that are open. */
function listFlags(
  open: readonly (ClaimJudgement & Pick<Claim, "decides">)[],
  { evidence }: FoundEvidence,
  command: string,
): readonly string[] {
  return open.flatMap(({ decides, times, runs }) => [
    ...decides === "" ? [] : [decides],
    ...times !== undefined && command.includes("--duration ") ? [durationFlag(times * evidence.actualMs)] : [],
    ...runs !== undefined && command.includes("--runs ") ? [`--runs ${runs}`] : [],
  ]);
}

/** The failed claim, and below it what its report knows about the failure. */
function listProblems(
  claim: ClaimJudgement & { readonly id: string },
  { name, evidence }: FoundEvidence,
  { problemsOf }: EvidenceReaders,
): readonly GateProblem[] {
  const details = problemsOf?.(evidence, claim.id) ?? [];
  return [{ message: `${claim.id}: ${claim.measured}`, file: name }, ...details];
}

function describe(claim: ClaimJudgement & { readonly id: string }, isMany: boolean): string {
  if (!isMany) return claim.reason;
  return `${claim.id}: ${claim.reason === "" ? claim.verdict : claim.reason}`;
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
