import type { SoakOptions } from "./soak_options.ts";

interface Rule {
  readonly isKept: (value: number) => boolean;
  readonly requirement: string;
}

const POSITIVE: Rule = { isKept: (value) => value > 0 && value < Infinity, requirement: "more than 0" };
const NOT_NEGATIVE: Rule = { isKept: (value) => value >= 0 && value < Infinity, requirement: "0 or more" };
const COUNT: Rule = {
  isKept: (value) => value > 0 && Number.isSafeInteger(value),
  requirement: "a positive whole number",
};
const WHOLE: Rule = { isKept: Number.isSafeInteger, requirement: "a whole number" };
const SHARE: Rule = { isKept: (value) => value >= 0 && value <= 1, requirement: "between 0 and 1" };

/**
 * Validate the numeric options of a run. Absent options are not checked, because their defaults are valid.
 *
 * @param options The options of the run
 * @throws {RangeError} With the name of the first invalid option
 */
export function checkOptions(options: SoakOptions): void {
  const { plannedMs, intervalMs, perSecond, lanes, kinds, deadlockMs, probeMs } = options;
  const { drainMs, delayAbortMs, injectRate, seed } = options;
  check(POSITIVE, { plannedMs, intervalMs, perSecond, deadlockMs, probeMs });
  check(COUNT, { lanes, kinds: kinds?.length });
  check(NOT_NEGATIVE, { drainMs, delayAbortMs });
  check(SHARE, { injectRate });
  check(WHOLE, { seed });
}

function check({ isKept, requirement }: Rule, values: Readonly<Record<string, number | undefined>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && !isKept(value)) {
      throw new RangeError(`Cannot run the soak test: ${name} is ${value}, must be ${requirement}`);
    }
  }
}
