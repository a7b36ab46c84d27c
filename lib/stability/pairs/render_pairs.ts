import { formatDuration } from "../../base/mod.ts";
import type { PairClaim, PairClaimId, PairReport } from "./pair_report.ts";

const TITLES: Readonly<Record<PairClaimId, string>> = {
  "failure_rate": "Downloads that failed, more than before",
  "recovery_rate": "Downloads that a fault hit and that failed, more than before",
  "timeout_rate": "Downloads lost to a silent server, more than before",
  "p99_time": "99th percentile of the times for which downloads had requests open, compared with before",
  "improvement": "What became better",
};

/**
 * Render a report for a terminal: a line for each claim, with its bounds.
 *
 * @param report The report
 * @returns Lines, each with a line feed
 */
export function renderPairs(report: PairReport): string {
  const { settings: { profile, against, toxics, rounds: planned }, rounds, claims, actualMs, verdict, end } = report;
  const took = formatDuration(1000 * Math.round(actualMs / 1000));
  return [
    `Paired stability: ${profile} against ${against}, ${toxics} faults, ${rounds.length} of ${planned} rounds, ${took}`,
    "",
    ...claims.map((claim) => `${claim.verdict.padEnd(12)}  ${claim.id.padEnd(13)}  ${describeClaim(claim)}`),
    "",
    ...end.type === "signal" ? [`Stopped: ${end.reason}; --resume goes on with the next round`] : [],
    verdict.toUpperCase(),
    "",
  ].join("\n");
}

function describeClaim({ id, unit, estimate, low, high, confidence, trials, requirement, note }: PairClaim): string {
  const remark = note === null ? "" : ` (${note})`;
  if (estimate === null || low === null || high === null) return `${TITLES[id]}: nothing to judge by${remark}`;
  const figures = `${format(estimate, unit)}, from ${format(low, unit)} to ${format(high, unit)}`;
  const limit = id === "improvement" ? requirement : `required: ≤ ${format(Number(requirement.slice(3)), unit)}`;
  const sure = `each bound at ${Number((100 * confidence).toFixed(2))} %`;
  return `${TITLES[id]}: ${figures} (${sure}, n = ${trials}; ${limit})${remark}`;
}

/** Format a difference of shares in percentage points, and a ratio as one. */
function format(value: number, unit: PairClaim["unit"]): string {
  return unit === "rate" ? `${(100 * value).toFixed(3)} points` : value.toFixed(3);
}
