import { type Clock, systemClock } from "../base/mod.ts";

/** Options of {@linkcode limitRepeats}. */
export interface LimitRepeatsOptions {
  /**
   * How long repetitions of a message are suppressed, in milliseconds.
   *
   * @default {600000}
   */
  readonly everyMs?: number | undefined;
  /**
   * The clock; tests replace it.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** When a message was last reported, and how often it has been repeated since then. */
interface Repeats {
  readonly timeMs: number;
  count: number;
}

/** Maximum number of distinct messages that are remembered. */
const MAX_MESSAGES = 200;

/**
 * Suppress repeated messages, which would otherwise fill a log for weeks. The same message is reported again only after
 * `everyMs`, with the number of repetitions since then.
 *
 * @returns A function that reports a message, or counts it
 */
export function limitRepeats(
  report: (message: string) => void,
  options: LimitRepeatsOptions = {},
): (message: string) => void {
  const { everyMs = 600_000, clock = systemClock } = options;
  const reported = new Map<string, Repeats>();
  return (message) => {
    const now = clock.monotonic();
    const repeats = reported.get(message);
    if (repeats !== undefined && now - repeats.timeMs < everyMs) return void repeats.count++;
    if (reported.size >= MAX_MESSAGES) reported.clear();
    reported.set(message, { timeMs: now, count: 0 });
    report(
      repeats === undefined || repeats.count === 0 ? message : `${message} (and ${repeats.count} more since the last)`,
    );
  };
}
