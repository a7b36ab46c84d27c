import { type Claim, describeMeasured, formatLimit } from "../judge/mod.ts";
import type { ReportClaim } from "./report.ts";

/**
 * Describe a judged claim for a report.
 *
 * @param claim The claim
 * @param title What it is about, in one line; empty if its id says it
 */
export function claimRow(claim: Claim, title = ""): ReportClaim {
  const { id, verdict, reason, note = "", unit, requirement } = claim;
  return {
    id,
    title,
    verdict,
    required: formatLimit(requirement, unit),
    measured: describeMeasured(claim),
    note: [reason, note].filter((text) => text !== "").join("; "),
  };
}
