import { formatDuration } from "../../base/mod.ts";
import { claimRow, type Report } from "../../report/mod.ts";
import type { PairReport } from "./pair_report.ts";

const TITLES: Readonly<Record<string, string>> = {
  "failure_rate": "Downloads that failed, more than before",
  "recovery_rate": "Downloads that a fault hit and that failed, more than before",
  "timeout_rate": "Downloads lost to a silent server, more than before",
  "p99_time": "99th percentile of the times for which downloads had requests open, compared with before",
  "improvement": "What became better",
};

/** Convert the report of a comparison of two profiles to a report with its claims. */
export function pairsPage(report: PairReport): Report {
  const { settings: { profile, against, toxics, rounds: planned }, rounds, claims, actualMs, verdict, end } = report;
  const took = formatDuration(1000 * Math.round(actualMs / 1000));
  return {
    title: "Paired stability",
    verdict,
    lead: `${profile} against ${against}, ${toxics} faults, ${rounds.length} of ${planned} rounds, ${took}`,
    notes: end.type === "signal" ? [`Stopped: ${end.reason}; --resume goes on with the next round`] : [],
    claims: claims.map((claim) => claimRow(claim, TITLES[claim.id])),
    charts: [],
    tables: [],
    facts: [],
  };
}
