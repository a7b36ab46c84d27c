import type { EvidenceDemand } from "../config/gate_config.ts";
import { explainWhere } from "./_explain_where.ts";
import { matchesClaim } from "./matches_claim.ts";

/**
 * Whether a claim that failed in a report fails the condition: whether the report has the fields that one of the entries
 * of `whereOf` for that claim asks for, or `where` if there is none.
 */
export function canFailBy(
  evidence: Readonly<Record<string, unknown>>,
  { where, whereOf }: Pick<EvidenceDemand, "where" | "whereOf">,
  claim: string,
): boolean {
  const own = Object.entries(whereOf).filter(([pattern]) => matchesClaim(pattern, claim));
  const choices = own.length === 0 ? [where] : own.map(([, choice]) => choice);
  return choices.some((choice) => explainWhere(evidence, choice) === null);
}
