/** Cost of one run. */
export interface Sample {
  /** Duration in seconds, measured by the wall clock. */
  readonly seconds: number;
  /**
   * Processor time of all processes in seconds, in user mode and system mode together; `null` if it could not be
   * measured.
   */
  readonly cpuSeconds: number | null;
  /** Peak memory of the largest process in bytes; `null` if it could not be measured. */
  readonly peakRssBytes: number | null;
  /** Number of bytes that the run transferred, for rates; `null` if that is not meaningful. */
  readonly bytes: number | null;
  /** Other numbers of the run by name, such as the number of connections. */
  readonly figures?: Readonly<Record<string, number>> | undefined;
}

/**
 * Return one number of a sample.
 *
 * @param sample The run
 * @param metric `seconds`, `cpuSeconds`, `peakRssBytes`, `cpuSecondsPerGib`, or the name of a figure
 * @returns The number; `null` if the sample does not contain it
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { metricOf } from "@civitai-dl/civitai-dl/bench";
 *
 * const sample = { seconds: 4, cpuSeconds: 3, peakRssBytes: 80e6, bytes: 2 * 2 ** 30, figures: { requests: 12 } };
 * assertEquals(metricOf(sample, "cpuSecondsPerGib"), 1.5);
 * assertEquals(metricOf(sample, "requests"), 12);
 * ```
 */
export function metricOf(sample: Sample, metric: string): number | null {
  if (metric === "seconds" || metric === "cpuSeconds" || metric === "peakRssBytes") return sample[metric];
  if (metric !== "cpuSecondsPerGib") return sample.figures?.[metric] ?? null;
  const { cpuSeconds, bytes } = sample;
  return cpuSeconds === null || !bytes ? null : cpuSeconds / (bytes / 2 ** 30);
}
