/** Bounds and parameters of an adaptive limit. */
export interface LimitRules {
  /** Minimum of the limit; at least 1. */
  readonly floor: number;
  /** Maximum of the limit. */
  readonly ceiling: number;
  /** The initial limit. */
  readonly start: number;
  /** A latency up to this multiple of the long latency is not a sign of load. */
  readonly tolerance: number;
  /** The limit is multiplied by this after a refusal. */
  readonly backoff: number;
  /** Share of the change suggested by the gradient that is applied at once, from 0 to 1. */
  readonly smoothing: number;
  /** A round ends after this number of responses, or after as many responses as the limit if that is more. */
  readonly minSamples: number;
  /** The long latency follows a rise over this number of rounds, and a fall over a tenth of that number. */
  readonly longRounds: number;
  /** Number of calm rounds before a limit that was found too high is tried again. */
  readonly patience: number;
  /** Maximum of `patience`, which doubles each time such an attempt fails. */
  readonly maxPatience: number;
  /** Number of rounds after which the latency is measured again at half the limit. */
  readonly measureEvery: number;
  /**
   * Time in milliseconds that bytes must flow without a refusal, a failure or a slow round before a limit that has
   * shrunk grows by one. Rounds alone would take hours where a response is a file of many gigabytes.
   */
  readonly recoverMs: number;
  /** Maximum of that time, which doubles each time the same limit is refused again. */
  readonly maxRecoverMs: number;
}

/**
 * Fill in and check the rules of a limit. By default the limit starts at 2 and moves between 1 and 4, because Civitai's
 * storages refuse more than 4 connections.
 *
 * @param options Rules that differ from the defaults
 * @returns The complete rules
 * @throws {RangeError} Unless floor, start and ceiling are integers with 1 ≤ floor ≤ start ≤ ceiling
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { limitRules } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const { floor, start, ceiling } = limitRules({ ceiling: 8 });
 * assertEquals([floor, start, ceiling], [1, 2, 8]);
 * ```
 */
export function limitRules(options: Partial<LimitRules> = {}): LimitRules {
  const { floor = 1, ceiling = Math.max(4, floor), start = Math.min(Math.max(2, floor), ceiling) } = options;
  const bounds = [floor, start, ceiling];
  if (!bounds.every(Number.isInteger) || floor < 1 || start < floor || ceiling < start) {
    const state = `floor ${floor}, start ${start} and ceiling ${ceiling} are not ascending whole numbers from 1`;
    throw new RangeError(`Cannot limit requests in flight: ${state}`);
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
    recoverMs: 5000,
    maxRecoverMs: 40_000,
    ...options,
    floor,
    start,
    ceiling,
  };
}
