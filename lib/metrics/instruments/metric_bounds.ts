import type { MetricDefinition } from "./metric_definition.ts";

/** Bounds for durations, in seconds: from 5 ms to an hour. */
export const SECONDS_BOUNDS: readonly number[] = [
  ...[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  ...[30, 60, 300, 900, 3600],
];

/** Bounds for sizes, in bytes: from 1 KiB to 16 GiB, each eight times the previous one, and 64 GiB. */
export const BYTES_BOUNDS: readonly number[] = Array.from({ length: 9 }, (_, index) => 1024 * 8 ** index)
  .concat(64 * 1024 ** 3);

/** Bounds for any other unit, for example for counts and fractions. */
const PLAIN_BOUNDS: readonly number[] = [0.1, 0.25, 0.5, 0.75, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1000];

/**
 * Find the upper bounds of a histogram's buckets.
 *
 * @param definition Bounds and unit of the histogram
 * @returns The bounds in the definition, or else the default bounds for its unit
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BYTES_BOUNDS, metricBounds, SECONDS_BOUNDS } from "@civitai-dl/civitai-dl/metrics";
 *
 * assertEquals(metricBounds({ unit: "s" }), SECONDS_BOUNDS);
 * assertEquals(metricBounds({ unit: "By" }), BYTES_BOUNDS);
 * assertEquals(metricBounds({ unit: "s", bounds: [1, 10, 60] }), [1, 10, 60]);
 * ```
 */
export function metricBounds(definition: Pick<MetricDefinition, "bounds" | "unit">): readonly number[] {
  if (definition.bounds !== undefined) return definition.bounds;
  if (definition.unit === "s") return SECONDS_BOUNDS;
  return definition.unit === "By" ? BYTES_BOUNDS : PLAIN_BOUNDS;
}
