import type { Sample } from "./sample.ts";

/**
 * The cost of steps that follow each other: seconds add up, of the memory the largest counts. What one step does not
 * know, the whole does not know.
 *
 * @param samples The steps, at least one
 * @param bytes What they brought together
 * @returns The whole
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
