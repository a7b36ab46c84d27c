import { type BreakerState, type FailsafeStatus, RUNGS } from "../../failsafe/mod.ts";
import type { DownloadInstruments } from "./download_instruments.ts";

const BREAKER_VALUES: Readonly<Record<BreakerState, number>> = { closed: 0, "half-open": 1, open: 2 };

/**
 * Set the gauges of the failsafe: its mode, from 4 for `turbo` to 0 for `paused`, and the state of each breaker. Call
 * this at each beat of a journal.
 *
 * @param instruments Gauges to set
 * @param status Current mode and breakers; an unknown mode leaves its gauge unchanged
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { defineDownloadMetrics, recordFailsafe } from "@civitai-dl/civitai-dl/downloader";
 * import { Failsafe } from "@civitai-dl/civitai-dl/failsafe";
 * import { MetricRegistry } from "@civitai-dl/civitai-dl/metrics";
 *
 * await using failsafe = Failsafe.inMemory();
 * const instruments = defineDownloadMetrics(new MetricRegistry());
 * failsafe.trip("example.com");
 * recordFailsafe(instruments, failsafe.status());
 * assertEquals(instruments.breakerState.series(), [{ labels: { host: "example.com" }, value: 2 }]);
 * ```
 */
export function recordFailsafe(
  instruments: Pick<DownloadInstruments, "mode" | "breakerState">,
  status: Pick<FailsafeStatus, "mode" | "breakers">,
): void {
  const rung = RUNGS.findIndex((name) => name === status.mode.name);
  if (rung >= 0) instruments.mode.set(RUNGS.length - 1 - rung);
  for (const { key, state } of status.breakers) instruments.breakerState.set(BREAKER_VALUES[state], { host: key });
}
