import { type BenchDocument, summarizeSample } from "../../lib/bench/mod.ts";

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
    const summary = summarizeSample(samples);
    if (summary === null) return [];
    const { median, mad, n } = summary;
    return [{ name, unit, value: median, range: `± ${mad}`, extra: `n=${n} commit=${document.commit.sha}` }];
  });
}
