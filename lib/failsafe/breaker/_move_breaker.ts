import type { Bilingual } from "../../base/mod.ts";
import type { BreakerCause } from "../state/breaker_cause.ts";
import { PROOFS, toReason } from "../reason.ts";
import type { BreakerRules } from "./breaker_rules.ts";
import type { BreakerState } from "../state/breaker_state.ts";
import type { BreakerStep } from "../state/breaker_step.ts";

/** Time, duration and cause of the opening of a breaker. */
interface Opening {
  readonly at: number;
  readonly cause: BreakerCause;
  /** Exact duration in milliseconds; replaces the next wait. */
  readonly forMs?: number | undefined;
  /** Random number from 0 to 1, for the jitter. */
  readonly dice: number;
}

/** Minimum wait after probes that took longer than the wait, in milliseconds. */
const MIN_WAIT_MS = 1000;

const NO_PROBES = { probes: [], succeeded: 0, failed: 0 } as const;

/**
 * Move from any state to `open`; the wait doubles unless the breaker was closed. It counts from the begin of the last
 * probes. Those of a silent host take longer than the wait, which then does not double: they are far enough apart.
 */
export function openBreaker(state: BreakerState, opening: Opening, rules: BreakerRules): BreakerStep {
  const { at, cause, forMs, dice } = opening;
  const probedMs = state.phase === "half-open" ? Math.max(0, at - state.since) : 0;
  const isFirst = state.phase === "closed" || state.waitMs === 0;
  const nextMs = probedMs >= state.waitMs ? state.waitMs : state.waitMs * 2;
  const waitMs = Math.min(rules.maxWaitMs, isFirst ? rules.waitMs : nextMs);
  const wantedMs = Math.round(waitMs * (1 - rules.jitter * dice));
  return move(state, {
    ...state,
    ...NO_PROBES,
    phase: "open",
    since: at,
    waitMs,
    cause,
    reason: cause.reason,
    ja: { reason: cause.ja.reason },
    trippedAt: state.trippedAt ?? at,
    until: at + (forMs ?? Math.min(wantedMs, Math.max(MIN_WAIT_MS, wantedMs - probedMs))),
  });
}

/** Move from `open` to `half-open`, without any probes yet. */
export function halfOpenBreaker(state: BreakerState, now: number): BreakerStep {
  const reason = toReason(PROOFS.probing);
  return move(state, { ...state, ...NO_PROBES, ...reason, phase: "half-open", since: now, until: null });
}

/** Move from any state to `closed`; the next opening starts with the first wait again. */
export function closeBreaker(state: BreakerState, now: number, reason: Bilingual): BreakerStep {
  const closed = { phase: "closed", since: now, until: null, trippedAt: null, waitMs: 0, cause: null } as const;
  return move(state, { ...state, ...NO_PROBES, ...closed, ...toReason(reason) });
}

function move(from: BreakerState, to: BreakerState): BreakerStep {
  const state = { ...to, round: from.round + 1 };
  const waitMs = to.until === null ? 0 : Math.max(0, to.until - to.since);
  const { phase, reason, ja, cause } = to;
  const why = { reason: reason ?? "", ja: { reason: ja.reason ?? "" } };
  return { state, changes: [{ from: from.phase, to: phase, ...why, cause, retryInMs: waitMs }] };
}
