import { rollUnit } from "../_roll.ts";
import { TOXIC_ROUTES, type ToxicRoute, type ToxicRule } from "./toxic_rule.ts";

/** The request that a plan is for. */
export interface PlanFaultsOptions {
  /** The sandbox's seed, for rules without one. */
  readonly seed: number;
  readonly route: ToxicRoute;
  /** The requested resource: the id of the file or image, or a hash of the URL. */
  readonly item: number;
  /** Number of earlier requests for the resource. */
  readonly count: number;
}

/** How and where a body is cut off. */
export interface BodyCut {
  readonly how: "reset" | "stall" | "truncate";
  /** Offset in the body, in bytes; a value below 1 is a fraction of its size. */
  readonly at: number;
}

/** A response that replaces the regular one. */
export type FaultResponse =
  | { readonly type: "expiredUrl" | "loginHtml" | "emptyImages" }
  | { readonly type: "serverError"; readonly status: number }
  | { readonly type: "throttle"; readonly retryAfterSeconds: number; readonly form: "seconds" | "date" };

/** All faults of one request. */
export interface FaultPlan {
  readonly delayMs: number;
  readonly bytesPerSecond: number;
  readonly sip: { readonly ms: number; readonly chunkBytes: number } | null;
  /** Whether nothing is sent at all. */
  readonly isSilent: boolean;
  readonly trickle: { readonly bytesPerSecond: number; readonly forMs: number } | null;
  readonly cut: BodyCut | null;
  /** Offset of the byte that is changed; a value below 1 is a fraction of the size of the body. */
  readonly corruptAt: number | null;
  readonly response: FaultResponse | null;
  readonly wrongRange: "ignore" | "start" | "total" | null;
  readonly changedEtag: boolean;
  readonly controlCharacters: boolean;
  /** Names of the faults, for the log. */
  readonly names: readonly string[];
}

/** The plan without faults. */
export const NO_FAULTS: FaultPlan = {
  delayMs: 0,
  bytesPerSecond: Infinity,
  sip: null,
  isSilent: false,
  trickle: null,
  cut: null,
  corruptAt: null,
  response: null,
  wrongRange: null,
  changedEtag: false,
  controlCharacters: false,
  names: [],
};

const STATUSES = [500, 502, 503, 504, 520, 524];

/**
 * Decide which faults a request has.
 *
 * @param rules The active faults
 * @param options The request
 * @returns The plan; if several rules have the same effect, the first one wins, except that delays are added and the
 * lowest bandwidth is used
 */
export function planFaults(rules: readonly ToxicRule[], options: PlanFaultsOptions): FaultPlan {
  return rules.reduce(
    (plan, rule, index) => isHit(rule, index, options) ? add(plan, rule, index, options) : plan,
    NO_FAULTS,
  );
}

function isHit(rule: ToxicRule, index: number, options: PlanFaultsOptions): boolean {
  const { rate = 1, seed = options.seed, on = TOXIC_ROUTES[rule.type], burst = 1, first = Infinity } = rule;
  const { route, item, count } = options;
  if (!on.includes(route) || count >= first) return false;
  for (let back = 0; back < burst && back <= count; back++) {
    if (rollUnit(seed, `${rule.type}@${route}`, index, item, count - back) < rate) return true;
  }
  return false;
}

function add(plan: FaultPlan, rule: ToxicRule, index: number, options: PlanFaultsOptions): FaultPlan {
  const { seed = options.seed } = rule;
  const chance = rollUnit(seed, `how ${rule.type}`, index, options.item, options.count);
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
    case "trickle":
      return {
        ...named,
        trickle: plan.trickle ?? { bytesPerSecond: rule.bytesPerSecond, forMs: rule.forMs ?? 10_000 },
      };
    case "silence":
      return { ...named, isSilent: true };
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
      return { ...named, response: plan.response ?? { type: "serverError", status } };
    }
    case "throttle": {
      const { retryAfterSeconds = 1, form = "seconds" } = rule;
      return { ...named, response: plan.response ?? { type: "throttle", retryAfterSeconds, form } };
    }
    case "expiredUrl":
    case "loginHtml":
    case "emptyImages":
      return { ...named, response: plan.response ?? { type: rule.type } };
  }
}
