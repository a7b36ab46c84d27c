import { assert } from "@std/assert";

/** Fail unless a number is within `tolerance` of another. */
export function assertNear(actual: number, expected: number, tolerance: number): void {
  assert(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);
}
