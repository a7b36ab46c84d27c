/**
 * Two minutes of real work under faults, with the watcher itself stopped for ten seconds in the middle.
 *
 * Bounds: the report is complete, every interval is there, client and server counted the same to the last byte, nothing
 * failed, and the pause is on record and does not count. Takes two and a half minutes:
 * `deno run -q -P=acceptance tests/acceptance/stability.ts [--seconds 120] [--interval 15] [--toxics mild]`
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { runStabilityAcceptance } from "../integration/scenarios/stability.ts";
import { numberFlag } from "./_flag.ts";
import { reportFigures } from "../helpers/report_figures.ts";

if (import.meta.main) {
  const seconds = numberFlag("seconds", 120);
  const interval = numberFlag("interval", 15);
  const toxics = String(parseArgs(Deno.args).toxics ?? "mild");
  const { report, figures, wallSeconds } = await runStabilityAcceptance({
    seconds,
    interval,
    toxics,
    pauseSeconds: 10,
  });
  const { totals, claims, gaps, rows, actualMs } = report;
  const verdictOf = (id: string) => claims.find((claim) => claim.id === id)?.verdict;
  const suspended = gaps.filter((gap) => gap.kind === "suspended").reduce((sum, gap) => sum + gap.lengthMs, 0);
  reportFigures({ ...figures, wallSeconds, gaps, verdict: report.verdict }, [
    { name: "every interval is there", isMet: rows.length === Math.ceil(seconds / interval) },
    { name: "all of its time was worked", isMet: report.end.type === "planned" && actualMs === seconds * 1000 },
    { name: "the pause is on record", isMet: suspended > 8000 && suspended < 12_000 },
    { name: "the pause does not count", isMet: wallSeconds > seconds + 8 && wallSeconds < seconds + 80 },
    { name: "bytes are the same", isMet: totals.clientBytes === totals.serverBytes && totals.clientBytes > 0 },
    { name: "requests are the same", isMet: totals.clientRequests === totals.serverRequests },
    { name: "no difference at all", isMet: totals.differences === 0 && totals.uncounted === 0 },
    { name: "no file is wrong", isMet: verdictOf("integrity") === "pass" },
    { name: "no claim failed", isMet: claims.every((claim) => claim.verdict !== "fail") },
    { name: "timeouts are proven rare", isMet: verdictOf("timeout_rate") === "pass" },
  ]);
}
