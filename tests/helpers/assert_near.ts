import { assert } from "@std/assert";

/** Whether a number is another but for the last digits. */
export function assertNear(actual: number, expected: number, tolerance = 1e-7): void {
  assert(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}
