import { type Clock, systemClock } from "../base/mod.ts";

/** Options of {@linkcode limitRepeats}. */
export interface LimitRepeatsOptions {
  /**
   * So long the same is not said again, in milliseconds.
   *
   * @default {600000}
   */
  readonly everyMs?: number | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

interface Said {
  readonly at: number;
  count: number;
}

/** More different messages than that are not remembered. */
const MAX_MESSAGES = 200;

/**
 * Keep one who repeats itself from filling a log for weeks: the same is said again after ten minutes, with how often it
 * came meanwhile.
 *
 * @param say Says a message
 * @param options How rarely
 * @returns Says a message, or counts it
 */
export function limitRepeats(
  say: (message: string) => void,
  options: LimitRepeatsOptions = {},
): (message: string) => void {
  const { everyMs = 600_000, clock = systemClock } = options;
  const known = new Map<string, Said>();
  return (message) => {
    const now = clock.monotonic();
    const said = known.get(message);
    if (said !== undefined && now - said.at < everyMs) return void said.count++;
    if (known.size >= MAX_MESSAGES) known.clear();
    known.set(message, { at: now, count: 0 });
    say(said === undefined || said.count === 0 ? message : `${message} (and ${said.count} more since the last)`);
  };
}
