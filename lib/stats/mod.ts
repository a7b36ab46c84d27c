/**
 * Statistics as pure functions of numbers: quantiles, exact rank tests, trends, rates, sequential tests, and estimates
 * with confidence intervals that assume no distribution. This room imports no other.
 *
 * @module
 */
export { clopperPearson, type ClopperPearsonOptions, type RateInterval } from "./clopper_pearson.ts";
export type { Estimate, EstimateOptions } from "./estimate.ts";
export type { EventCount } from "./event_count.ts";
export { hodgesLehmannRatio } from "./hodges_lehmann_ratio.ts";
export { holm } from "./holm.ts";
export { censoredQuantile, type Lifetime } from "./kaplan_meier.ts";
export { mannKendall, type MannKendallResult } from "./mann_kendall.ts";
export { medianInterval } from "./median_interval.ts";
export { type PairCluster, pairedDifference, type PairedDifferenceOptions } from "./paired/paired_difference.ts";
export {
  type PairedQuantileRatio,
  pairedQuantileRatio,
  type PairedQuantileRatioOptions,
  type SampleCluster,
} from "./paired/paired_quantile_ratio.ts";
export { pairedRatio } from "./paired/paired_ratio.ts";
export { peakOverlap, type TimeStretch } from "./peak_overlap.ts";
export { median, quantile } from "./quantile.ts";
export { type RatioTests, ratioTests } from "./ratio_tests.ts";
export { sprt, type SprtOptions, type SprtResult } from "./sequential/sprt.ts";
export { sprtComparison, type SprtComparisonOptions } from "./sequential/sprt_comparison.ts";
export { type SlopeEstimate, theilSen } from "./theil_sen.ts";
