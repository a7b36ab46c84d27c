import { clopperPearson, type RateInterval } from "../clopper_pearson.ts";

/** Beyond this many times the trials, no number is given. */
const MAX_TIMES = 1000;

/**
 * Estimate how many times as many trials a rate needs until its one-sided bounds decide, if it stays as it is.
 *
 * @param decides Whether an interval from the lower to the upper bound decides
 * @returns The factor, in steps of 10 %, with the number of trials; `null` if a thousand times as many do not decide
 */
export function timesToDecide(
  { events, trials, confidence }: { readonly events: number; readonly trials: number; readonly confidence: number },
  decides: (bounds: RateInterval) => boolean,
): { readonly times: number; readonly trials: number } | null {
  for (let times = 1.1; times <= MAX_TIMES; times *= 1.1) {
    const counts = { events: Math.round(events * times), trials: Math.ceil(trials * times) };
    const { high } = clopperPearson({ ...counts, confidence, side: "upper" });
    const { low } = clopperPearson({ ...counts, confidence, side: "lower" });
    if (decides({ low, high })) return { times, trials: counts.trials };
  }
  return null;
}
