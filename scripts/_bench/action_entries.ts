import type { BenchDocument } from "../../lib/bench/mod.ts";
import { median } from "../../lib/stats/mod.ts";

/** One entry for github-action-benchmark, which plots the history of a number. */
export interface ActionEntry {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly range: string;
  readonly extra: string;
}

/** Convert a report to one entry per benchmark, for `customSmallerIsBetter`. */
export function actionEntries(document: BenchDocument): readonly ActionEntry[] {
  return document.benchmarks.flatMap(({ name, unit, samples }) => {
    if (samples.length === 0) return [];
    const value = median(samples);
    // The median absolute deviation.
    const range = `± ${median(samples.map((one) => Math.abs(one - value)))}`;
    return [{ name, unit, value, range, extra: `n=${samples.length} commit=${document.commit.sha}` }];
  });
}
