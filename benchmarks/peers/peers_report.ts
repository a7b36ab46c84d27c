import type { EvidenceHeader } from "../../lib/base/mod.ts";
import { benchmarkFacts } from "../../lib/bench/mod.ts";
import { type Claim, verdictOf, type WholeVerdict } from "../../lib/judge/mod.ts";
import { claimRow, type Report } from "../../lib/report/mod.ts";
import type { PeerMeasurement } from "./target.ts";

/** Schema of the report. */
export const PEERS_SCHEMA = "civitai-dl/benchmark";

/** A target with its judged claims. */
export interface MeasuredTarget extends Omit<PeerMeasurement, "claims"> {
  /** Such as `P1`. */
  readonly id: string;
  /** The workload in one line. */
  readonly title: string;
  /** Its claims; empty if it could not be measured. */
  readonly claims: readonly Claim[];
}

/** The engine beside its peers. */
export interface PeersReport extends EvidenceHeader {
  /** The profile, and how much was measured. */
  readonly settings: Readonly<Record<string, string | number>>;
  /** Versions of the peers, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Why nothing is decided, such as a shortened run; `null` for a full run. */
  readonly reservation: string | null;
  /** The targets, with all runs. */
  readonly targets: readonly MeasuredTarget[];
}

/** The verdict on all targets; one that could not be measured is no pass. */
export function verdictOfPeers({ targets, reservation }: Pick<PeersReport, "targets" | "reservation">): WholeVerdict {
  return reservation === null
    ? verdictOf(targets.map(({ claims }) => ({ verdict: verdictOf(claims) })))
    : "inconclusive";
}

/** Build the page: a section for each target. */
export function peersPage(report: PeersReport): Report {
  const { startedAt, commit, settings, versions, reservation, targets } = report;
  return {
    title: "civitai-dl against its peers",
    verdict: verdictOfPeers(report),
    lead: `${startedAt.slice(0, 10)} · commit ${commit.sha.slice(0, 12)}${commit.isDirty ? " with changes" : ""}`,
    notes: reservation === null ? [] : [`No verdict: ${reservation}.`],
    claims: [],
    charts: [],
    tables: [],
    sections: targets.map(({ id, title, workload, claims, charts, notes }) => ({
      title: `${id} ${title}`,
      ...claims.length === 0 ? { verdict: "not evaluated", label: "not measured" } : { verdict: verdictOf(claims) },
      lead: workload,
      claims: claims.map((claim) => claimRow(claim)),
      distributions: charts,
      notes,
    })),
    facts: benchmarkFacts(report, settings, versions),
    explanation:
      "Each dot is one run, the line across its row is the median, the band its interval. Ratios compare runs of the " +
      "same round, so a temporary slowdown of the whole machine cancels out. A limit that the whole interval does not " +
      "keep is inconclusive.",
  };
}
