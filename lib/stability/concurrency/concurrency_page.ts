import { claimRow, type Report } from "../../report/mod.ts";
import type { ConcurrencyReport } from "./concurrency_report.ts";

/** Convert the report of a test to one with its claim, its errors and a table of its runs. */
export function concurrencyPage(
  { verdict, end, settings, rounds, claims, failures, command }: ConcurrencyReport,
): Report {
  return {
    title: "Concurrency",
    verdict,
    lead: `${settings.models} models, seed ${settings.seed}`,
    notes: [
      ...end.type === "signal" ? [`Stopped: ${end.reason}`] : [],
      ...failures.map(({ text }) => text),
      ...failures.length === 0 ? [] : [`Repeat: ${command}`],
    ],
    claims: claims.map((claim) => claimRow(claim, "Downloads that only fail together with others")),
    charts: [],
    tables: [{
      title: "Runs",
      isBrief: true,
      heads: ["Run", "Files", "Failed", "Errors", "At once", "Waits", "Requests", "Faults", "Time"],
      rows: rounds.map(({ name, files, failed, errors, peak, waits, requests, faults, seconds }) => [
        name,
        ...[files, failed, errors, peak, waits, requests, faults].map(String),
        `${seconds.toFixed(1)} s`,
      ]),
    }],
    facts: [],
  };
}
