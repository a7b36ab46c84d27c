/** What one run cost. */
export interface Sample {
  /** By the wall clock. */
  readonly seconds: number;
  /** Of all its processes, in user and system mode together; `null` if it could not be measured. */
  readonly cpuSeconds: number | null;
  /** The most memory that one of its processes held; `null` if it could not be measured. */
  readonly peakRssBytes: number | null;
  /** Bytes that it brought, for rates; `null` where that means nothing. */
  readonly bytes: number | null;
  /** Whatever else was counted, such as connections. */
  readonly figures?: Readonly<Record<string, number>> | undefined;
}

/**
 * Read one number of a sample.
 *
 * @param sample The run
 * @param metric `seconds`, `cpuSeconds`, `peakRssBytes`, `cpuSecondsPerGib`, or the name of a figure
 * @returns The number; `null` if the run does not have it
 */
export function metricOf(sample: Sample, metric: string): number | null {
  if (metric === "seconds" || metric === "cpuSeconds" || metric === "peakRssBytes") return sample[metric];
  if (metric !== "cpuSecondsPerGib") return sample.figures?.[metric] ?? null;
  const { cpuSeconds, bytes } = sample;
  return cpuSeconds === null || !bytes ? null : cpuSeconds / (bytes / 2 ** 30);
}
