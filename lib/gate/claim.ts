import type { Evidence } from "../base/mod.ts";

/** One claim of a report, as far as a gate reads it. */
export interface Claim {
  /** Its name, such as `timeout-rate`. */
  readonly id: string;
  /** The best single number; `null` if it gives none. */
  readonly estimate: number | null;
  /** How often it happened, or how often it went well; `null` if it counts nothing. */
  readonly events: number | null;
  /** What it rests on: trials, runs or samples; `null` if it does not say. */
  readonly trials: number | null;
  /** Lower end of its interval, or its bound where that is a lower one. */
  readonly low: number | null;
  /** Upper end of its interval, or its bound where that is an upper one. */
  readonly high: number | null;
  /** How sure its interval or bound is; `null` if it does not say. */
  readonly confidence: number | null;
  /** What else the report says about it; empty if nothing. */
  readonly note: string;
  /** Why it has failed, whatever its numbers say, such as a run that ended with 1; `null` if the numbers decide. */
  readonly failure: string | null;
  /** What the report itself says. */
  readonly verdict: "pass" | "fail" | "inconclusive" | null;
}

/**
 * Read the claims of a report. A claim is `{id, estimate, events | successes, trials | n, low, high | bound,
 * requirement, verdict, note, failure}`; what has no text as its `id` is none.
 *
 * @param evidence The report
 * @param more Claims that follow from its samples, in the same form
 * @returns Its claims, in its order; none if it makes none
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
  const isUpper = isUpperBound(bound, numberOf("estimate"), fields.requirement);
  return {
    id,
    estimate: numberOf("estimate"),
    events: numberOf("events", "successes"),
    trials: numberOf("trials", "n"),
    low: numberOf("low") ?? (isUpper ? null : bound),
    high: numberOf("high") ?? (isUpper ? bound : null),
    confidence: numberOf("confidence"),
    note: typeof fields.note === "string" ? fields.note : "",
    failure: typeof fields.failure === "string" ? fields.failure : null,
    verdict: verdictOf(fields.verdict),
  };
}

/**
 * Which end of an interval a single bound is. The estimate lies within it, and says so; a leak has to be surely above 0,
 * so that it comes with a lower bound where "at most" is required. Without an estimate, or where both are the same, it is
 * the end that has to keep the requirement.
 */
function isUpperBound(bound: number | null, estimate: number | null, requirement: unknown): boolean {
  if (bound !== null && estimate !== null && bound !== estimate) return bound > estimate;
  return /^\s*(<|at most)/.test(requirementText(requirement));
}

function requirementText(value: unknown): string {
  if (typeof value === "string") return value;
  const op = typeof value === "object" && value !== null && "op" in value ? value.op : "";
  return typeof op === "string" ? op : "";
}

function verdictOf(value: unknown): Claim["verdict"] {
  return value === "pass" || value === "fail" || value === "inconclusive" ? value : null;
}
