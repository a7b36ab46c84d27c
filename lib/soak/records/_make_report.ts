import { describeBacklog } from "../facts/backlog.ts";
import { judgeClaims, verdictOfRun } from "../../judge/mod.ts";
import { type ClaimFacts, measureClaim, measureGroups } from "../judges/measure_claims.ts";
import type { LoopFacts } from "./loop_facts.ts";
import type { SoakSchedule } from "../facts/soak_backlog.ts";
import type { ClaimId } from "../judges/claim_id.ts";
import type { SoakCurves } from "./_soak_curves.ts";
import type { SoakLedger } from "./_soak_ledger.ts";
import type { SoakOptions } from "../soak_options.ts";
import type { SoakReport, SoakSession } from "./soak_report.ts";
import { describeUnfinished } from "../facts/describe_unfinished.ts";

/** The facts for a report that `SoakRecords` does not store. */
export interface ReportFacts extends Pick<LoopFacts, "end" | "nextJob"> {
  readonly actualMs: number;
  readonly sittings: readonly SoakSession[];
  readonly schedule: SoakSchedule;
}

/** What a run has recorded. */
export interface RecordedRun
  extends Pick<SoakReport, "gaps" | "deadlocks" | "deadlockCount" | "unwritten" | "restarts"> {
  readonly ledger: SoakLedger;
  readonly curves: SoakCurves;
  readonly options: SoakOptions;
  /** The claims to judge. */
  readonly claims: readonly ClaimId[];
  /** Collect the measurements by which claims are judged. */
  claimFacts(actualMs: number, schedule: SoakSchedule): ClaimFacts;
}

/** Judge all claims, and collect everything in one document of plain data. */
export function makeReport(records: RecordedRun, facts: ReportFacts): SoakReport {
  const { end, nextJob, actualMs, sittings, schedule } = facts;
  const { ledger, options, gaps, deadlockCount, unwritten, restarts } = records;
  const claimFacts = records.claimFacts(actualMs, schedule);
  const claims = judgeClaims(
    records.claims.flatMap((id) => [measureClaim(id, claimFacts), ...measureGroups(id, claimFacts)]),
  );
  const { intervalMs } = options;
  return {
    verdict: verdictOfRun(claims, end),
    end,
    claims,
    plannedMs: options.plannedMs,
    actualMs,
    intervalMs,
    seed: options.seed ?? 1,
    nextJob,
    totals: { ...ledger.totals },
    groups: { ...ledger.groups },
    latencies: ledger.latencies.state,
    schedule,
    notes: [describeUnfinished(ledger.totals), describeBacklog(schedule)].filter((text) => text !== null),
    rows: [...ledger.rows],
    omittedRows: ledger.omittedRows,
    gaps,
    deadlocks: [...records.deadlocks],
    deadlockCount,
    restarts,
    sittings,
    generations: records.curves.all(),
    maxRss: records.curves.maxRss,
    slowest: ledger.slowest,
    errorsByClass: { ...ledger.errorsByClass },
    failures: [...ledger.failures],
    differences: [...ledger.differences],
    unwritten,
  };
}
