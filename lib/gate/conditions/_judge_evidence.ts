import type { Evidence } from "../../base/mod.ts";
import {
  type Claim,
  decidingBound,
  describeMeasured,
  formatLimit,
  judgeClaims,
  type Measured,
  type Verdict,
} from "../../judge/mod.ts";
import { canFailBy } from "../evidence/can_fail_by.ts";
import { readClaims } from "../evidence/read_claims.ts";
import { type EvidenceFile, findEvidence, type FoundEvidence } from "../evidence/find_evidence.ts";
import type { EvidenceContext, EvidenceMisfit } from "../evidence/evidence_context.ts";
import type { ConditionSource, GateCondition } from "../config/gate_config.ts";
import { explainAbsence } from "./_explain_absence.ts";
import type { EvidenceReaders } from "./evidence_readers.ts";
import { pickClaims } from "./_pick_claims.ts";
import type { RowFindings } from "./_row_findings.ts";

type EvidenceSource = Extract<ConditionSource, { type: "evidence" }>;

/** Verdicts in order of precedence: the verdict of a condition is the first one that any of its claims has. */
const ORDER: readonly Verdict[] = ["fail", "not evaluated", "inconclusive", "pass"];

/** How {@linkcode judgeEvidence} reads reports, and in which circumstances. */
export interface JudgeEvidenceOptions extends EvidenceReaders {
  /** Files that may contain reports. */
  readonly files: readonly EvidenceFile[];
  /** Time, version control and machine. */
  readonly context: EvidenceContext;
}

/** A report that did not decide, and why, for `others` or `passedOver` of a row. */
interface Remark {
  readonly name: string;
  readonly text: string;
  /** Whether no claim of it could make the condition fail. */
  readonly isPassedOver: boolean;
}

/**
 * Judge the claims of all reports that meet a condition's demand. One that fails makes the condition fail; otherwise the
 * strongest decides. A report that is unfinished, too short or made with other settings cannot pass, but fails the
 * condition if a claim failed in it that is about the condition. Every other report of the kind is listed in `others` if
 * it could have made the condition fail, or else in `passedOver`.
 */
export async function judgeEvidence(
  condition: GateCondition,
  source: EvidenceSource,
  options: JudgeEvidenceOptions,
): Promise<RowFindings> {
  const { files, context, claimsOf } = options;
  const { demand, claims: wanted } = source;
  const result = await findEvidence(files, demand, context);
  const pick = (evidence: Evidence) => pickClaims([...readClaims(evidence), ...claimsOf?.(evidence) ?? []], wanted);
  const judge = (report: FoundEvidence, claims: readonly Measured[]) =>
    claims.length === 0 ? null : judgeAll(claims, report, { condition, options });
  const missingIn = (evidence: Evidence) => pick(evidence).missing;
  const whole: RowFindings[] = [];
  const refuting: RowFindings[] = [];
  const remarks: Remark[] = [];
  // Without all claims, without its end, or with other settings, a report is no proof; but what failed in it has failed.
  const weigh = (name: string, findings: RowFindings | null, reason: string) => {
    if (findings === null) remarks.push({ name, text: reason, isPassedOver: true });
    else if (findings.verdict === "fail") refuting.push(addReason(findings, name, reason));
    else remarks.push({ name, text: `proves nothing; ${reason}`, isPassedOver: false });
  };
  for (const report of result.found) {
    const { claims, missing } = pick(report.evidence);
    const findings = judge(report, claims);
    if (missing.length === 0 && findings !== null) whole.push(findings);
    else weigh(report.name, findings, `it has no ${listSome(missing)}`);
  }
  for (const misfit of result.misfits) {
    const claims = isRefuter(misfit)
      ? pick(misfit.evidence).claims.filter(({ id }) => canFailBy(misfit.evidence, demand, id))
      : [];
    weigh(misfit.name, isRefuter(misfit) ? judge(misfit, claims) : null, misfit.reason);
  }
  const failed = whole.find(({ verdict }) => verdict === "fail") ?? refuting[0];
  const deciding = failed ?? whole[0] ?? explainAbsence(result, { schema: demand.schema, wanted, missingIn });
  const beside = remarks.filter(({ name }) => name !== deciding.evidence);
  return {
    ...deciding,
    others: [
      ...[...whole, ...refuting].filter((one) => one !== deciding).map(describeOther),
      ...beside.filter(({ isPassedOver }) => !isPassedOver).map(describeRemark),
    ],
    passedOver: beside.filter(({ isPassedOver }) => isPassedOver).map(describeRemark),
  };
}

function isRefuter(misfit: EvidenceMisfit): misfit is EvidenceMisfit & FoundEvidence {
  return misfit.canRefute === true && misfit.evidence !== undefined;
}

/** List the first names, and how many there are beyond them. */
function listSome(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}

function describeRemark({ name, text }: Remark): string {
  return `${name}: ${text}`;
}

/** Add to the findings of a report in which a claim failed why the report could not prove anything. */
function addReason(findings: RowFindings, name: string, reason: string): RowFindings {
  return {
    ...findings,
    reason: [findings.reason, `${name} refutes, but can prove nothing: ${reason}`].filter((text) => text !== "").join(
      "; ",
    ),
  };
}

function describeOther({ evidence, verdict, measured, reason }: RowFindings): string {
  return `${evidence}: ${[verdict, measured, reason].filter((text) => text !== "").join("; ")}`;
}

/** What the claims of a report are judged by. */
interface JudgeAllOptions {
  readonly condition: GateCondition;
  readonly options: EvidenceReaders;
}

function judgeAll(
  measured: readonly Measured[],
  report: FoundEvidence,
  { condition, options }: JudgeAllOptions,
): RowFindings {
  const judged = judgeClaims(measured, condition);
  const verdict = ORDER.find((one) => judged.some((claim) => claim.verdict === one))!;
  const deciding = judged.filter((claim) => claim.verdict === verdict);
  const worst = deciding[0]!;
  const isMany = judged.length > 1;
  const describe = (claim: Claim) => describeMeasured(claim, condition.require);
  return {
    verdict,
    estimate: worst.estimate,
    bound: decidingBound(
      worst,
      condition.require ?? (typeof worst.requirement === "string" ? null : worst.requirement),
    ),
    unit: worst.unit,
    // Of several, that of the claim whose numbers are shown.
    limit: isMany && verdict === "pass"
      ? "every claim holds"
      : `${isMany ? `${worst.id} ` : ""}${formatLimit(worst.requirement, worst.unit)}`,
    count: Number.isNaN(worst.trials) ? null : worst.trials,
    evidence: report.name,
    measured: isMany ? describeMany(judged, { id: worst.id, measured: describe(worst) }) : describe(worst),
    reason: verdict === "pass" ? "" : explain(deciding, isMany),
    problems: judged.filter((claim) => claim.verdict === "fail").flatMap((claim) => [
      { message: `${claim.id}: ${describe(claim)}`, file: report.name },
      // What the report knows about the failure.
      ...options.problemsOf?.(report.evidence, claim.id) ?? [],
    ]),
    others: [],
    passedOver: [],
  };
}

/** Say how many claims hold, and what was measured for the worst; a stated claim has nothing measured. */
function describeMany(
  judged: readonly Claim[],
  worst: { readonly id: string; readonly measured: string },
): string {
  const held = judged.filter((claim) => claim.verdict === "pass").length;
  const detail = worst.measured === "" ? "" : `; ${worst.id}: ${worst.measured}`;
  return `${held} of ${judged.length} claims hold${detail}`;
}

/** Give the reasons why claims do not pass, with their notes. */
function explain(claims: readonly Claim[], isMany: boolean): string {
  return claims.map(({ id, verdict, reason, note = "" }) => {
    const text = [reason, note].filter((part) => part !== "").join(": ");
    return isMany ? `${id}: ${text === "" ? verdict : text}` : text;
  }).filter((text) => text !== "").join("; ");
}
