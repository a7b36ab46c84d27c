import { type Evidence, isRecord } from "../../base/mod.ts";
import type { Claim, ClaimKind, GrowthSeries, Limit, Measured, RatioSamples, Verdict } from "../../judge/mod.ts";

type Fields = Readonly<Record<string, unknown>>;

const KINDS: readonly string[] = ["rate", "interval", "growth", "ratio", "amount"] satisfies ClaimKind[];
const VERDICTS: readonly unknown[] = ["pass", "fail", "inconclusive", "not evaluated"] satisfies Verdict[];

/**
 * Read the claims of a report, to judge them again. Only their numbers and limits are believed; the verdict is taken
 * over from those that have no kind, or are `stated`. Entries whose `id` is not a string are ignored.
 *
 * @param evidence The report
 * @returns What was measured, in the report's order; empty if there are no claims
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { evidenceHeader } from "@civitai-dl/civitai-dl/bench";
 * import { readClaims } from "@civitai-dl/civitai-dl/gate";
 *
 * const times = { startedAt: new Date().toISOString(), startedMs: performance.now(), plannedMs: 0, seed: null };
 * const header = await evidenceHeader("shop/load", { ...times, folder: "." });
 * const report = { ...header, claims: [{ id: "errors", kind: "rate", events: 1, trials: 500 }] };
 * const [claim] = readClaims(report);
 * assertEquals([claim!.id, claim!.events, claim!.trials], ["errors", 1, 500]);
 * ```
 */
export function readClaims({ claims }: Evidence): readonly Measured[] {
  if (!Array.isArray(claims)) return [];
  return claims.flatMap((claim: unknown) => {
    const fields = fieldsOf(claim);
    return typeof fields.id === "string" ? [readClaim(fields.id, fields)] : [];
  });
}

function readClaim(id: string, fields: Fields): Measured {
  const numberOf = (name: string) => {
    const value = fields[name];
    return typeof value === "number" ? value : null;
  };
  const kind = KINDS.includes(String(fields.kind)) ? fields.kind as ClaimKind : "stated";
  const texts = ["counted", "note", "failure", "reservation"].filter((name) => typeof fields[name] === "string");
  const { verdict } = fields;
  return {
    id,
    kind,
    unit: typeof fields.unit === "string" ? fields.unit : "",
    trials: numberOf("trials") ?? NaN,
    estimate: numberOf("estimate"),
    events: numberOf("events"),
    low: numberOf("low"),
    high: numberOf("high"),
    confidence: numberOf("confidence"),
    requirement: readRequirement(fields.requirement),
    ...Object.fromEntries(texts.map((name) => [name, fields[name]])),
    ...optional("samples", readSamples(fields.samples)),
    ...optional("series", readSeries(fields.series)),
    ...kind === "stated" && VERDICTS.includes(verdict) ? { verdict: verdict as Verdict } : {},
  };
}

function optional<K extends keyof Claim>(name: K, value: Claim[K] | null): Partial<Pick<Claim, K>> {
  return value === null ? {} : { [name]: value } as Partial<Pick<Claim, K>>;
}

function fieldsOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function readRequirement(value: unknown): Limit | string | null {
  if (typeof value === "string") return value;
  const { op, value: limit } = fieldsOf(value);
  const isOperator = ["<", "<=", ">", ">=", "="].includes(String(op));
  return isOperator && typeof limit === "number" ? { op: op as Limit["op"], value: limit } : null;
}

function readSamples(value: unknown): RatioSamples | null {
  const { values, base, floor } = fieldsOf(value);
  const isSample = (list: unknown): list is readonly number[] =>
    Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === "number" && one > 0 && one < Infinity);
  if (!isSample(values) || !isSample(base)) return null;
  return { values, base, floor: typeof floor === "number" && floor >= 0 ? floor : null };
}

function readSeries(value: unknown): GrowthSeries | null {
  const { rises, watchedMs, warmUpMs } = fieldsOf(value);
  if (typeof watchedMs !== "number" || typeof warmUpMs !== "number") return null;
  return { rises: typeof rises === "boolean" ? rises : null, watchedMs, warmUpMs };
}
