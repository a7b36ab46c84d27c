import type { Evidence } from "../../base/mod.ts";

/** One claim of a report, with the fields that a gate needs. */
export interface Claim {
  /** Name of the claim, such as `timeout-rate`. */
  readonly id: string;
  /** Unit of the estimate and its interval, such as `rate` or `bytes per hour`; empty for counts. */
  readonly unit: string;
  /** The point estimate; `null` if the report gives none. */
  readonly estimate: number | null;
  /** Number of events, or of successes; `null` if the claim does not count any. */
  readonly events: number | null;
  /** Number of trials, runs or samples; `null` if the report does not give it. */
  readonly trials: number | null;
  /** What the trials are, in the plural, such as `files`; empty if the report does not say so. */
  readonly counted: string;
  /** Lower end of the interval, or a single lower bound; `null` if there is none. */
  readonly low: number | null;
  /** Upper end of the interval, or a single upper bound; `null` if there is none. */
  readonly high: number | null;
  /** Confidence of the interval or bound, from 0 to 1; `null` if the report does not give it. */
  readonly confidence: number | null;
  /** The samples of which the estimate is the ratio; `null` if the claim has none. */
  readonly samples: RatioSamples | null;
  /** What the report requires of the number, in its unit or in words; `null` if it does not say so. */
  readonly requirement: ClaimLimit | string | null;
  /** Flag of the report's command with which a run would decide, such as `--rounds 2400`; empty if there is none. */
  readonly decides: string;
  /** The report's note on the claim; empty if there is none. */
  readonly note: string;
  /**
   * Why the claim has failed regardless of its numbers, such as a run that exited with 1; `null` if the numbers decide.
   */
  readonly failure: string | null;
  /** The report's own verdict; `null` if it gives none. */
  readonly verdict: "pass" | "fail" | "inconclusive" | null;
}

/** What a report requires of a number. */
export interface ClaimLimit {
  /** The comparison, such as `<=`. */
  readonly op: string;
  /** The limit, in the unit of the claim. */
  readonly value: number;
}

/** Two samples, of which a claim states the ratio. */
export interface RatioSamples {
  /** The numerators, all positive and finite. */
  readonly values: readonly number[];
  /** The denominators, all positive and finite. */
  readonly base: readonly number[];
  /** How much runs of equal code differ, as a fraction; `null` if that is unknown. */
  readonly floor: number | null;
}

/**
 * Read the claims of a report. A claim is
 * `{id, estimate, events | successes, trials | n, low, high | bound, requirement, verdict, note, failure}`; one of a ratio
 * may have its samples, `{values, base, floor}`. Entries whose `id` is not a string are ignored.
 *
 * @param evidence The report
 * @param more Further claims, derived from the report's samples, in the same form
 * @returns The claims of the report in their order, then the further ones; empty if there are none
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { evidenceHeader } from "@civitai-dl/civitai-dl/bench";
 * import { readClaims } from "@civitai-dl/civitai-dl/gate";
 *
 * const times = { startedAt: new Date().toISOString(), startedMs: performance.now(), plannedMs: 0, seed: null };
 * const header = await evidenceHeader("shop/load", { ...times, folder: "." });
 * const report = { ...header, claims: [{ id: "errors", events: 1, trials: 500, bound: 0.009 }] };
 * const [claim] = readClaims(report);
 * assertEquals([claim!.id, claim!.events, claim!.trials], ["errors", 1, 500]);
 * ```
 */
export function readClaims(evidence: Evidence, more: readonly unknown[] = []): readonly Claim[] {
  const { claims } = evidence;
  return [...Array.isArray(claims) ? claims : [], ...more].flatMap((claim: unknown) => {
    if (typeof claim !== "object" || claim === null) return [];
    const fields = claim as Readonly<Record<string, unknown>>;
    return typeof fields.id === "string" ? [readClaim(fields.id, fields)] : [];
  });
}

function readClaim(id: string, fields: Readonly<Record<string, unknown>>): Claim {
  const numberOf = (...names: readonly string[]) => {
    const found = names.map((name) => fields[name]).find((value) => typeof value === "number");
    return typeof found === "number" ? found : null;
  };
  const bound = numberOf("bound");
  const requirement = readRequirement(fields.requirement);
  const isUpper = isUpperBound(bound, numberOf("estimate"), requirement);
  return {
    id,
    unit: typeof fields.unit === "string" && fields.unit !== "count" ? fields.unit : "",
    estimate: numberOf("estimate"),
    events: numberOf("events", "successes"),
    trials: numberOf("trials", "n"),
    low: numberOf("low") ?? (isUpper ? null : bound),
    high: numberOf("high") ?? (isUpper ? bound : null),
    confidence: numberOf("confidence"),
    counted: typeof fields.counted === "string" ? fields.counted : "",
    requirement,
    samples: samplesOf(fields),
    decides: typeof fields.decides === "string" && /^--[a-z-]+ \w+$/.test(fields.decides) ? fields.decides : "",
    note: typeof fields.note === "string" ? fields.note : "",
    failure: typeof fields.failure === "string" ? fields.failure : null,
    verdict: verdictOf(fields.verdict),
  };
}

function samplesOf({ values, base, floor }: Readonly<Record<string, unknown>>): RatioSamples | null {
  const isSample = (list: unknown): list is readonly number[] =>
    Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === "number" && one > 0 && one < Infinity);
  if (!isSample(values) || !isSample(base)) return null;
  return { values, base, floor: typeof floor === "number" && floor >= 0 ? floor : null };
}

/**
 * Whether a single bound is the upper end of an interval. The estimate lies within the interval, so a bound above the
 * estimate is the upper end. The requirement is not a reliable sign: a leak must be above 0 with certainty, so its
 * claim states a lower bound although "at most" is required. The requirement decides only if there is no estimate, or
 * if the estimate equals the bound: the bound is then the end that has to meet it.
 */
function isUpperBound(bound: number | null, estimate: number | null, requirement: Claim["requirement"]): boolean {
  if (bound !== null && estimate !== null && bound !== estimate) return bound > estimate;
  return /^\s*(<|at most)/.test(typeof requirement === "string" ? requirement : requirement?.op ?? "");
}

/** Read `{op, value}`, or a text such as `<= 0.002`; any other text is kept as it is. */
function readRequirement(value: unknown): Claim["requirement"] {
  if (typeof value === "string") {
    const [, op, number] = /^\s*(<=|>=|<|>|=)\s*(-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)\s*$/.exec(value) ?? [];
    return op === undefined ? value : { op, value: Number(number) };
  }
  if (typeof value !== "object" || value === null || !("op" in value) || typeof value.op !== "string") return null;
  return "value" in value && typeof value.value === "number" ? { op: value.op, value: value.value } : value.op;
}

function verdictOf(value: unknown): Claim["verdict"] {
  return value === "pass" || value === "fail" || value === "inconclusive" ? value : null;
}
