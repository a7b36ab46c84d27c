import type { Evidence, EvidenceHeader } from "../../lib/base/mod.ts";
import { type BenchDocument, COMPARE_SCHEMA } from "./bench_document.ts";

type Part = Evidence & BenchDocument;

/** The header of two reports together: about the target, and as old as the older of both, for nothing was measured now. */
export function joinHeaders(baseline: Part, target: Part): EvidenceHeader {
  const [older] = [baseline, target].toSorted((a, b) => Date.parse(a.endedAt) - Date.parse(b.endedAt));
  const { startedAt, endedAt, actualMs } = older!;
  const { tool, machine, commit } = target;
  const tookMs = Math.max(0, Date.parse(endedAt) - Date.parse(startedAt));
  return {
    ...{ schema: COMPARE_SCHEMA, version: 1, tool, machine, seed: null, plannedMs: 0 },
    commit: { ...commit, isDirty: baseline.commit.isDirty || commit.isDirty },
    startedAt: tookMs === 0 ? endedAt : startedAt,
    ...{ endedAt, actualMs: Math.min(actualMs, tookMs) },
  };
}

/** What one of both says against itself; `null` if nothing. */
export function joinReservations(baseline: Part, target: Part): string | null {
  const all = [baseline, target].flatMap(({ reservation }) => reservation ?? []);
  return all.length === 0 ? null : [...new Set(all)].join("; ");
}
