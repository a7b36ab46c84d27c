import { assert } from "@std/assert";

/** Fail unless two numbers agree within a tolerance. */
export function assertNear(actual: number, expected: number, tolerance = 1e-7): void {
  assert(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);
}
