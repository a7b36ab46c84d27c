import { systemClock } from "../../lib/base/mod.ts";

/** Wait until a condition holds; returns whether it did within the time. */
export async function becomes(isTrue: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (!await isTrue()) {
    if (performance.now() > end) return false;
    await systemClock.sleep(5);
  }
  return true;
}
