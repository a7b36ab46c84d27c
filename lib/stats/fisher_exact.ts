import { logGamma } from "./_log_gamma.ts";
import type { EventCount } from "./event_count.ts";

/**
 * Test whether one rate exceeds another (Fisher's exact test, one-sided): the probability of at least as many events in
 * the first sample if both have the same rate, given the total number of events.
 *
 * @param first Events and trials of the sample that may have the higher rate
 * @param second Events and trials of the other sample
 * @returns The p-value, from 0 to 1; 1 if a sample is empty
 * @throws {RangeError} If a count is not valid
 */
export function fisherExact(first: EventCount, second: EventCount): number {
  for (const { events, trials } of [first, second]) {
    if (!Number.isSafeInteger(trials) || !Number.isSafeInteger(events) || events < 0 || events > trials) {
      throw new RangeError(`Cannot compare rates: ${events} of ${trials} is not a valid count`);
    }
  }
  const events = first.events + second.events;
  const trials = first.trials + second.trials;
  const most = Math.min(events, first.trials);
  const mean = events * first.trials / trials;
  let pValue = 0;
  for (let count = first.events; count <= most; count++) {
    if (events - count > second.trials) continue;
    const term = Math.exp(
      logChoose(first.trials, count) + logChoose(second.trials, events - count) - logChoose(trials, events),
    );
    pValue += term;
    // Beyond the mean the terms only fall: the rest does not change a double any more.
    if (count > mean && term < pValue * 1e-17) break;
  }
  return Math.min(1, pValue);
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
