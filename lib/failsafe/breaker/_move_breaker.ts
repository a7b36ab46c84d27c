import type { Bilingual } from "../../base/mod.ts";
import type { BreakerCause } from "../state/breaker_cause.ts";
import { PROOFS, toReason } from "../reason.ts";
import type { BreakerRules } from "./breaker_rules.ts";
import type { BreakerRecord } from "../state/breaker_record.ts";
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
export function openBreaker(record: BreakerRecord, opening: Opening, rules: BreakerRules): BreakerStep {
  const { at, cause, forMs, dice } = opening;
  const probedMs = record.state === "half-open" ? Math.max(0, at - record.since) : 0;
  const isFirst = record.state === "closed" || record.waitMs === 0;
  const nextMs = probedMs >= record.waitMs ? record.waitMs : record.waitMs * 2;
  const waitMs = Math.min(rules.maxWaitMs, isFirst ? rules.waitMs : nextMs);
  const wantedMs = Math.round(waitMs * (1 - rules.jitter * dice));
  return move(record, {
    ...record,
    ...NO_PROBES,
    state: "open",
    since: at,
    waitMs,
    cause,
    reason: cause.reason,
    ja: { reason: cause.ja.reason },
    trippedAt: record.trippedAt ?? at,
    until: at + (forMs ?? Math.min(wantedMs, Math.max(MIN_WAIT_MS, wantedMs - probedMs))),
  });
}

/** Move from `open` to `half-open`, without any probes yet. */
export function halfOpenBreaker(record: BreakerRecord, now: number): BreakerStep {
  const reason = toReason(PROOFS.probing);
  return move(record, { ...record, ...NO_PROBES, ...reason, state: "half-open", since: now, until: null });
}

/** Move from any state to `closed`; the next opening starts with the first wait again. */
export function closeBreaker(record: BreakerRecord, now: number, reason: Bilingual): BreakerStep {
  const closed = { state: "closed", since: now, until: null, trippedAt: null, waitMs: 0, cause: null } as const;
  return move(record, { ...record, ...NO_PROBES, ...closed, ...toReason(reason) });
}

function move(from: BreakerRecord, to: BreakerRecord): BreakerStep {
  const record = { ...to, round: from.round + 1 };
  const waitMs = to.until === null ? 0 : Math.max(0, to.until - to.since);
  const { state, reason, ja, cause } = to;
  const why = { reason: reason ?? "", ja: { reason: ja.reason ?? "" } };
  return { record, changes: [{ from: from.state, to: state, ...why, cause, retryInMs: waitMs }] };
}
