import { rollUnit } from "../_roll.ts";
import { TOXIC_ROUTES, type ToxicRoute, type ToxicRule } from "./toxic_rule.ts";

/** Which request a plan is for. */
export interface FaultContext {
  /** The sandbox's seed, for rules without one. */
  readonly seed: number;
  readonly route: ToxicRoute;
  /** What is asked for: a number of the file, or of the address. */
  readonly item: number;
  /** The how-manieth request for it, from 0. */
  readonly count: number;
}

/** Where a body breaks. */
export interface BodyCut {
  readonly how: "reset" | "stall" | "truncate";
  /** Bytes of the body; or, if below 1, a fraction of it. */
  readonly at: number;
}

/** An answer instead of the right one. */
export type FaultAnswer =
  | { readonly type: "expiredUrl" | "loginHtml" | "emptyImages" }
  | { readonly type: "serverError"; readonly status: number }
  | { readonly type: "throttle"; readonly retryAfterSeconds: number; readonly form: "seconds" | "date" };

/** Everything that goes wrong with one request. */
export interface FaultPlan {
  readonly delayMs: number;
  readonly bytesPerSecond: number;
  readonly sip: { readonly ms: number; readonly chunkBytes: number } | null;
  readonly cut: BodyCut | null;
  /** Byte of the body, or a fraction, that is changed. */
  readonly corruptAt: number | null;
  readonly answer: FaultAnswer | null;
  readonly wrongRange: "ignore" | "start" | "total" | null;
  readonly changedEtag: boolean;
  readonly controlCharacters: boolean;
  /** Names of the faults, for the log. */
  readonly names: readonly string[];
}

/** Nothing goes wrong. */
export const NO_FAULTS: FaultPlan = {
  delayMs: 0,
  bytesPerSecond: Infinity,
  sip: null,
  cut: null,
  corruptAt: null,
  answer: null,
  wrongRange: null,
  changedEtag: false,
  controlCharacters: false,
  names: [],
};

const STATUSES = [500, 502, 503, 504, 520, 524];

/**
 * Decide what goes wrong with a request.
 *
 * @param rules The faults that are on
 * @param context The request
 * @returns The plan; the first rule of a kind wins
 */
export function planFaults(rules: readonly ToxicRule[], context: FaultContext): FaultPlan {
  return rules.reduce(
    (plan, rule, index) => isHit(rule, index, context) ? add(plan, rule, index, context) : plan,
    NO_FAULTS,
  );
}

function isHit(rule: ToxicRule, index: number, context: FaultContext): boolean {
  const { rate = 1, seed = context.seed, on = TOXIC_ROUTES[rule.type], burst = 1, first = Infinity } = rule;
  const { route, item, count } = context;
  if (!on.includes(route) || count >= first) return false;
  for (let back = 0; back < burst && back <= count; back++) {
    if (rollUnit(seed, `${rule.type}@${route}`, index, item, count - back) < rate) return true;
  }
  return false;
}

function add(plan: FaultPlan, rule: ToxicRule, index: number, context: FaultContext): FaultPlan {
  const { seed = context.seed } = rule;
  const chance = rollUnit(seed, `how ${rule.type}`, index, context.item, context.count);
  const named = { ...plan, names: [...plan.names, rule.type] };
  switch (rule.type) {
    case "latency":
      return { ...named, delayMs: plan.delayMs + rule.ms };
    case "jitter":
      return { ...named, delayMs: plan.delayMs + rule.ms * chance };
    case "bandwidth":
      return { ...named, bytesPerSecond: Math.min(plan.bytesPerSecond, rule.bytesPerSecond) };
    case "slowBody":
      return { ...named, sip: plan.sip ?? { ms: rule.ms, chunkBytes: rule.chunkBytes ?? 16_384 } };
    case "reset":
    case "stall":
    case "truncate":
      return { ...named, cut: plan.cut ?? { how: rule.type, at: rule.atByte ?? chance } };
    case "corrupt":
      return { ...named, corruptAt: plan.corruptAt ?? rule.atByte ?? chance };
    case "wrongRange":
      return { ...named, wrongRange: plan.wrongRange ?? rule.how ?? "start" };
    case "changedEtag":
      return { ...named, changedEtag: true };
    case "controlCharacters":
      return { ...named, controlCharacters: true };
    case "serverError": {
      const status = rule.status ?? STATUSES[Math.floor(chance * STATUSES.length)]!;
      return { ...named, answer: plan.answer ?? { type: "serverError", status } };
    }
    case "throttle": {
      const { retryAfterSeconds = 1, form = "seconds" } = rule;
      return { ...named, answer: plan.answer ?? { type: "throttle", retryAfterSeconds, form } };
    }
    case "expiredUrl":
    case "loginHtml":
    case "emptyImages":
      return { ...named, answer: plan.answer ?? { type: rule.type } };
  }
}
