import { BUCKETS } from "./bucket_of.ts";

const HUNDREDTHS = BUCKETS / 100;

/** Whether a number is a multiple of a hundredth. */
export function hasTwoDecimals(value: number): boolean {
  return Math.abs(value * HUNDREDTHS - Math.round(value * HUNDREDTHS)) < 1e-9;
}

/** Convert a percentage to a number of buckets. */
export function bucketsOf(percentage: number): number {
  return Math.round(percentage * HUNDREDTHS);
}
