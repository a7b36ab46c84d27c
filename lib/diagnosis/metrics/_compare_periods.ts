import { clopperPearson, fisherExact, holm, mannWhitney } from "../../stats/mod.ts";
import type { MeasuredRate, MetricChange } from "./metric_analysis.ts";

/** Level of the tests. */
const ALPHA = 0.05;
/** Fewer trials or values in one of the periods do not suffice for a verdict. */
const MIN_TRIALS = 20;
/** Fewer minutes in one of the periods do not suffice for a verdict. */
const MIN_MINUTES = 10;
/** Larger samples are scaled down, which makes the test more careful, not less. */
const MAX_SAMPLE = 5000;

/** Compute a rate with its exact interval. */
export function measureRate(events: number, trials: number): MeasuredRate {
  const isCount = Number.isSafeInteger(events) && Number.isSafeInteger(trials) && events <= trials;
  if (!isCount || trials === 0) return { events, trials, rate: null, low: null, high: null };
  return { events, trials, rate: events / trials, ...clopperPearson({ events, trials }) };
}

/** Test whether two rates differ (Fisher's exact test, two-sided); `null` if there are too few trials. */
export function compareRates(now: MeasuredRate, before: MeasuredRate): number | null {
  if (now.rate === null || before.rate === null || Math.min(now.trials, before.trials) < MIN_TRIALS) return null;
  return Math.min(1, 2 * Math.min(fisherExact(now, before), fisherExact(before, now)));
}

/** Test whether the values of two histograms with the same buckets differ; `null` if there are too few. */
export function compareBuckets(now: readonly number[], before: readonly number[]): number | null {
  const [first, second] = [now, before].map(expand);
  if (Math.min(first!.length, second!.length) < MIN_TRIALS) return null;
  return mannWhitney(first!, second!).pValue;
}

/** Test whether the values per minute differ; `null` if there are too few minutes. */
export function compareMinutes(now: readonly number[], before: readonly number[]): number | null {
  return Math.min(now.length, before.length) < MIN_MINUTES ? null : mannWhitney(now, before).pValue;
}

/** Turn the p-values of all tests into verdicts, adjusted for their number. */
export function judgeChanges(pValues: readonly (number | null)[]): readonly MetricChange[] {
  const adjusted = [...holm(pValues.filter((p) => p !== null))];
  return pValues.map((p) => {
    if (p === null) return { verdict: "too few data", pValue: null };
    const pValue = adjusted.shift()!;
    return { verdict: pValue < ALPHA ? "changed" : "same", pValue };
  });
}

/** List the numbers of the buckets, once for each value. */
function expand(buckets: readonly number[]): readonly number[] {
  const total = buckets.reduce((sum, amount) => sum + amount, 0);
  const scale = Math.min(1, MAX_SAMPLE / total);
  return buckets.flatMap((amount, index) => Array.from({ length: Math.round(amount * scale) }, () => index));
}
