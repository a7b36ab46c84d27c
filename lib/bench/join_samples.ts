import type { Sample } from "./sample.ts";

/**
 * Compute the cost of consecutive steps: times are added, and memory is the largest peak. A number that is unknown for
 * one step is unknown for the total.
 *
 * @param samples The steps, at least one
 * @param bytes Bytes transferred by all steps together; `null` if that is not meaningful
 * @returns The total cost
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { joinSamples } from "@civitai-dl/civitai-dl/bench";
 *
 * const download = { seconds: 3, cpuSeconds: 1, peakRssBytes: 80e6, bytes: null };
 * const verify = { seconds: 2, cpuSeconds: 2, peakRssBytes: 60e6, bytes: null };
 * assertEquals(joinSamples([download, verify], 1e9), { seconds: 5, cpuSeconds: 3, peakRssBytes: 80e6, bytes: 1e9 });
 * ```
 */
export function joinSamples(samples: readonly Sample[], bytes: number | null): Sample {
  const known = (numbers: readonly (number | null)[]) => numbers.includes(null) ? null : numbers as readonly number[];
  const peaks = known(samples.map((sample) => sample.peakRssBytes));
  return {
    seconds: samples.reduce((sum, sample) => sum + sample.seconds, 0),
    cpuSeconds: known(samples.map((sample) => sample.cpuSeconds))?.reduce((sum, count) => sum + count, 0) ?? null,
    peakRssBytes: peaks === null ? null : Math.max(...peaks),
    bytes,
  };
}
