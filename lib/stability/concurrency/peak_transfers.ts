import type { RecordedTransfer } from "./find_breaches.ts";

/** Return the largest number of requests that were open at the same time. */
export function peakTransfers(transfers: readonly RecordedTransfer[]): number {
  const steps = transfers.flatMap(({ startedMs, endedMs }) => [{ at: startedMs, by: 1 }, { at: endedMs, by: -1 }])
    .toSorted((a, b) => a.at - b.at || a.by - b.by);
  let open = 0;
  return steps.reduce((peak, { by }) => Math.max(peak, open += by), 0);
}
