/** By what a limit moves. */
export interface LimitRules {
  /** The least limit; at least 1. */
  readonly floor: number;
  /** The greatest limit. */
  readonly ceiling: number;
  /** The limit at the start. */
  readonly start: number;
  /** A latency up to so many times the long one is no sign of load. */
  readonly tolerance: number;
  /** The share that is left after a refusal. */
  readonly backoff: number;
  /** How much of the gradient's advice is followed at once, from 0 to 1. */
  readonly smoothing: number;
  /** A round ends after so many answers, or after as many as the limit if that is more. */
  readonly minSamples: number;
  /** The long latency follows a rise over so many rounds, a fall over a tenth of them. */
  readonly longRounds: number;
  /** Calm rounds before a limit that was once too much is tried again. */
  readonly patience: number;
  /** Patience doubles with each such try that fails, up to here. */
  readonly maxPatience: number;
  /** After so many rounds the latency is measured anew at half the limit. */
  readonly measureEvery: number;
}

/**
 * Fill in and check the rules of a limit. By default the limit moves from 2 between 1 and 4, more than which Civitai's
 * storages answer with refusals.
 *
 * @param options What differs from the defaults
 * @returns The whole rules
 * @throws {RangeError} If floor, start and ceiling are no whole numbers in this order, from 1
 */
export function limitRules(options: Partial<LimitRules> = {}): LimitRules {
  const { floor = 1, ceiling = Math.max(4, floor), start = Math.min(Math.max(2, floor), ceiling) } = options;
  const bounds = [floor, start, ceiling];
  if (!bounds.every(Number.isInteger) || floor < 1 || start < floor || ceiling < start) {
    const state = `floor ${floor}, start ${start} and ceiling ${ceiling} are not whole numbers in this order, from 1`;
    throw new RangeError(`Cannot limit the work in flight: ${state}`);
  }
  return {
    tolerance: 1.5,
    backoff: 0.8,
    smoothing: 0.4,
    minSamples: 8,
    longRounds: 500,
    patience: 10,
    maxPatience: 40,
    measureEvery: 100,
    ...options,
    floor,
    start,
    ceiling,
  };
}
