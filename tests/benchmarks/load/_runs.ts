import type { LoadRun } from "../../../benchmarks/load/mod.ts";

/** A green run: 1000 files, 2 GB in 20 seconds, 120 MB of memory. */
export function loadRunOf(round: number, changes: Partial<LoadRun> = {}): LoadRun {
  return {
    round,
    files: 1000,
    right: 1000,
    bytes: 2e9,
    sentBytes: 2e9,
    seconds: 20,
    cpuSeconds: 8,
    peakRssBytes: 120e6,
    code: 0,
    messages: [],
    ...changes,
  };
}

/** As many runs, each with the same changes. */
export function loadRunsOf(count: number, changes: Partial<LoadRun> = {}): readonly LoadRun[] {
  return Array.from({ length: count }, (_, round) => loadRunOf(round, changes));
}
