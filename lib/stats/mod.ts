/**
 * Functions from numbers to numbers: quantiles, exact rank tests, trends, rates, and estimates with confidence
 * intervals that assume no distribution. Imports nothing.
 *
 * @module
 */
export * from "./clopper_pearson.ts";
export * from "./estimate.ts";
export * from "./hodges_lehmann_ratio.ts";
export * from "./holm.ts";
export * from "./mann_kendall.ts";
export * from "./mann_whitney.ts";
export * from "./median_interval.ts";
export * from "./non_inferiority.ts";
export * from "./normal_quantile.ts";
export * from "./normal_tail.ts";
export * from "./paired_ratio.ts";
export * from "./quantile.ts";
export * from "./sorted_numbers.ts";
export * from "./theil_sen.ts";
