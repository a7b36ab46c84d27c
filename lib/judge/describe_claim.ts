import { formatCount, formatShare } from "../base/mod.ts";
import type { Claim } from "./claim.ts";
import { formatAmount, formatTrials } from "./format_amount.ts";
import { decimalsOf } from "./format_beside.ts";
import type { Limit } from "./requirement.ts";

/**
 * Describe what was measured: the number, its bounds, the trials, and what the tests found; empty if there is nothing.
 *
 * @param claim The claim
 * @param require What is required of it; what it says itself if absent
 */
export function describeMeasured(claim: Claim, require?: Limit | null): string {
  const { kind, unit, trials, counted = "", estimate, low, high } = claim;
  const own = typeof claim.requirement === "string" ? null : claim.requirement;
  const numbers = [estimate, low, high].filter((value) => value !== null);
  // A rate is told apart from its bounds by its counts.
  const decimals = kind === "rate" ? undefined : decimalsOf(numbers);
  const format = (value: number) => formatAmount(value, unit, { limit: require ?? own, decimals });
  // An interval of numbers names their unit once.
  const isPlain = !["rate", "ms", "bytes", "bytes per day"].includes(unit);
  const formatEnd = (value: number) =>
    isPlain ? formatAmount(value, "", { limit: require ?? own, decimals }) : format(value);
  if (kind === "rate") {
    return estimate === null
      ? ""
      : `${format(estimate)} (${claim.events} of ${trials}), ${boundOf(claim, format, require ?? own)}`;
  }
  const interval = intervalOf(claim, formatEnd);
  if (kind === "amount" || kind === "stated" && interval === "") {
    if (estimate === null || trials === 1) return estimate === null ? "" : format(estimate);
    return `${format(estimate)} in ${counted === "" ? formatCount(trials, "trial") : formatTrials(trials, counted)}`;
  }
  const figures = [estimate === null ? "" : formatEnd(estimate), interval].filter((text) => text !== "").join(", ");
  if (figures === "") return "";
  const times = isPlain && unit !== "" ? ` ${unit === "ratio" ? "times" : unit}` : "";
  const sure = interval === "" || claim.confidence === null
    ? ""
    : ` at ${formatShare(claim.confidence, { decimals: 1 })}`;
  return `${figures}${times}${sure} (${formatTrials(trials, counted)})${testsOf(claim)}`;
}

/** The bound that decided: of a rate that passes the one nearer to the limit, of one that fails the other. */
export function decidingBound({ kind, verdict, low, high, estimate }: Claim, limit: Limit | null): number | null {
  if (kind === "amount" || kind === "stated" || estimate === null && low === null && high === null) return null;
  if (limit === null) return high ?? low;
  const isFailedRate = kind !== "interval" && kind !== "ratio" && verdict === "fail";
  return limit.op.startsWith("<") === !isFailedRate ? high : low;
}

function boundOf(claim: Claim, format: (value: number) => string, limit: Limit | null): string {
  const bound = decidingBound(claim, limit);
  return `${bound === claim.high ? "at most" : "at least"} ${format(bound!)} at ${formatShare(claim.confidence!)}`;
}

/** Format both ends of an interval, or the one that exists; empty if there is none, or nothing but the estimate in it. */
function intervalOf({ estimate, low, high }: Claim, format: (end: number) => string): string {
  if (estimate !== null && low === estimate && high === estimate) return "";
  if (low === null) return high === null ? "" : `at most ${format(high)}`;
  return high === null ? `at least ${format(low)}` : `${format(low)} to ${format(high)}`;
}

function testsOf({ tests, samples }: Claim): string {
  if (tests === undefined || samples === undefined) return "";
  const p = Math.min(tests.pBelow, tests.pAbove);
  const together = tests.family === 1 ? "" : `, adjusted for ${tests.family} benchmarks`;
  const equal = samples.floor === null ? "" : `; equal code differs by ${formatShare(samples.floor, { decimals: 1 })}`;
  return `, p ${p < 0.0001 ? "< 0.0001" : `= ${p.toPrecision(2)}`}${together}${equal}`;
}
