import type { BreakerStep } from "../state/breaker_step.ts";
import type { Bilingual } from "../../base/mod.ts";
import type { BreakerCause } from "../state/breaker_cause.ts";
import type { FailureKind } from "../failure/failure_kind.ts";
import { describeKind, PROOFS, TOO_SLOW } from "../reason.ts";
import { closeBreaker, halfOpenBreaker, openBreaker } from "./_move_breaker.ts";
import type { BreakerRules } from "./breaker_rules.ts";
import type { BreakerRecord } from "../state/breaker_record.ts";
import type { WindowCounts } from "../state/window_counts.ts";

/** Time, rules and random number of an operation on a breaker. */
export interface MoveBreakerOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The rules of the breaker. */
  readonly rules: BreakerRules;
  /** Random number from 0 to 1, for the jitter. */
  readonly dice: number;
}

/** Result of a request for a permit. */
export interface BreakerAnswer extends BreakerStep {
  /** Whether the call may be made, and whether it is a probe. */
  readonly type: "allowed" | "probe" | "refused";
  /** When to request a permit again, in milliseconds from now; 0 unless refused. */
  readonly retryInMs: number;
}

/**
 * Maximum time by which a state may be ahead of the clock, in milliseconds. An adjustment of the clock moves it by less;
 * a greater difference means that it was set back.
 */
const SKEW_MS = 5000;
/** Retry after this time, in milliseconds, while probes are running, because they may end at any moment. */
const VERDICT_MS = 1000;

/**
 * Apply changes that are due by now. A probe that has not ended in time reopens the breaker, with the time of its
 * timeout as the start. If the clock was set back, the wait starts again; otherwise it would last as long as the clock
 * was ahead.
 *
 * @param record The current record
 * @param options Time, rules and random number
 * @returns The updated record and its transition, if any
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { admitCall, breakerRules, freshBreaker, advanceBreaker, tripBreaker } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const options = { now: 0, rules: breakerRules({ probeTimeoutMs: 30_000 }), dice: 0 };
 * const open = tripBreaker(freshBreaker(0), 1000, options).record;
 * const probing = admitCall(open, { ...options, now: 1000, probe: "1" }).record;
 * assertEquals(probing.state, "half-open");
 * assertEquals(advanceBreaker(probing, { ...options, now: 31_000 }).record.state, "open");
 * ```
 */
export function advanceBreaker(record: BreakerRecord, options: MoveBreakerOptions): BreakerStep {
  const { now, rules, dice } = options;
  if (record.since > now + SKEW_MS) return { record: rebase(record, now), changes: [] };
  const oldest = Math.min(...record.probes.map((probe) => probe.startedAt));
  if (record.state !== "half-open" || now < oldest + rules.probeTimeoutMs) return { record, changes: [] };
  // The probe says nothing about why, so the old cause remains, unless it is a manual opening, which has ended.
  const known = record.cause === null || record.cause.failure === "tripped" ? UNKNOWN : record.cause;
  const cause = causeOf(known, PROOFS.probeLost(rules.probeTimeoutMs));
  return openBreaker(record, { at: oldest + rules.probeTimeoutMs, cause, dice }, rules);
}

/**
 * Request a permit for a call.
 *
 * @param record The current record
 * @param options Time, rules, random number, and the ID for a probe
 * @returns A permit or a refusal; if the call is a probe, the new record includes it
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { admitCall, breakerRules, freshBreaker, tripBreaker } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const options = { now: 0, rules: breakerRules(), dice: 0 };
 * const open = tripBreaker(freshBreaker(0), 60_000, options).record;
 * assertEquals(admitCall(open, { ...options, now: 20_000, probe: "1" }).retryInMs, 40_000);
 * assertEquals(admitCall(open, { ...options, now: 60_000, probe: "1" }).type, "probe");
 * ```
 */
export function admitCall(
  record: BreakerRecord,
  options: MoveBreakerOptions & { readonly probe: string },
): BreakerAnswer {
  const { now, rules } = options;
  const settled = advanceBreaker(record, options);
  const { state, until } = settled.record;
  if (state === "closed") return { ...settled, type: "allowed", retryInMs: 0 };
  if (state === "open" && until! > now) return { ...settled, type: "refused", retryInMs: until! - now };
  const halfOpened = state === "open" ? halfOpenBreaker(settled.record, now) : { record: settled.record, changes: [] };
  const changes = [...settled.changes, ...halfOpened.changes];
  const { probes, succeeded, failed } = halfOpened.record;
  if (probes.length + succeeded + failed >= rules.probes) {
    return { record: halfOpened.record, changes, type: "refused", retryInMs: VERDICT_MS };
  }
  const probe = { id: options.probe, startedAt: now };
  return { record: { ...halfOpened.record, probes: [...probes, probe] }, changes, type: "probe", retryInMs: 0 };
}

/**
 * Record the end of a probe. An unknown probe changes nothing: it has already timed out, or other probes have already
 * moved the breaker.
 *
 * @param record The current record
 * @param probe Its ID, its outcome, the kind of its failure, and whether the host was not there. `none` frees its place
 * without counting. `flowing` means that its body keeps arriving, which closes the breaker even without other successes
 * @param options Time, rules and random number
 * @returns The new record and its transitions
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { admitCall, breakerRules, endProbe, freshBreaker, tripBreaker } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const options = { now: 0, rules: breakerRules({ probes: 1, successes: 1 }), dice: 0 };
 * const open = tripBreaker(freshBreaker(0), 1000, options).record;
 * const later = { ...options, now: 1000 };
 * const probing = admitCall(open, { ...later, probe: "1" }).record;
 * assertEquals(endProbe(probing, { id: "1", outcome: "ok" }, later).record.state, "closed");
 * ```
 */
export function endProbe(
  record: BreakerRecord,
  probe: {
    readonly id: string;
    readonly outcome: "ok" | "failed" | "none" | "flowing";
    readonly kind?: FailureKind | undefined;
    readonly isHard?: boolean | undefined;
  },
  options: MoveBreakerOptions,
): BreakerStep {
  const { now, rules, dice } = options;
  const { record: settled, changes } = advanceBreaker(record, options);
  if (!settled.probes.some(({ id }) => id === probe.id)) return { record: settled, changes };
  if (probe.outcome === "flowing") return closeBreaker(settled, now, PROOFS.flowing);
  const probes = settled.probes.filter(({ id }) => id !== probe.id);
  const succeeded = settled.succeeded + (probe.outcome === "ok" ? 1 : 0);
  const failed = settled.failed + (probe.outcome === "failed" ? 1 : 0);
  const next = { ...settled, probes, succeeded, failed };
  if (succeeded >= rules.successes) return closeBreaker(next, now, PROOFS.probesSucceeded(succeeded, rules.probes));
  if (rules.probes - failed >= rules.successes) return { record: next, changes };
  const proof = PROOFS.probesFailed(failed, rules.probes);
  const cause = causeOf(probe.kind ?? settled.cause ?? UNKNOWN, proof, { isHard: probe.isHard });
  return openBreaker(next, { at: now, cause, dice }, rules);
}

/** Summary of the recent calls, which decides whether a closed breaker opens. */
export interface RecentCalls extends WindowCounts {
  /** Time since the last successful call, in milliseconds; `Infinity` if there is none. */
  readonly sinceSuccessMs: number;
  /** Number of hard failures in a row up to now. */
  readonly hardStreak: number;
  /** Most frequent known kind of failure; `null` or absent if no kind is known. */
  readonly mainKind?: FailureKind | null | undefined;
  /** Kind of the last failure; `null` or absent if unknown. */
  readonly lastKind?: FailureKind | null | undefined;
}

/**
 * Open a closed breaker if the recent calls require it.
 *
 * @param record The current record
 * @param recent Summary of the recent calls
 * @param options Time, rules and random number
 * @returns The new record and its transition, if any
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { breakerRules, freshBreaker, judgeCalls } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const mainKind = { failure: "server", status: 500 } as const;
 * const seen = { calls: 10, failures: 6, slow: 0, sinceSuccessMs: 20_000, hardStreak: 0, mainKind };
 * const { record } = judgeCalls(freshBreaker(0), seen, { now: 0, rules: breakerRules(), dice: 0 });
 * assertEquals(record.state, "open");
 * assertEquals(record.reason, "answers with errors (500): 6 of its last 10 calls failed");
 * ```
 */
export function judgeCalls(
  record: BreakerRecord,
  recent: RecentCalls,
  options: MoveBreakerOptions,
): BreakerStep {
  const { now, rules, dice } = options;
  const cause = record.state === "closed" ? findOpenCause(recent, rules) : undefined;
  return cause === undefined ? { record, changes: [] } : openBreaker(record, { at: now, cause, dice }, rules);
}

const UNKNOWN: FailureKind = { failure: "unknown", status: null };

function findOpenCause(recent: RecentCalls, rules: BreakerRules): BreakerCause | undefined {
  const { calls, failures, slow, sinceSuccessMs, hardStreak, mainKind, lastKind } = recent;
  if (hardStreak >= rules.hardFailures) {
    return causeOf(lastKind ?? UNKNOWN, PROOFS.inARow(hardStreak), { isHard: true });
  }
  if (calls < rules.minCalls) return undefined;
  if (failures >= rules.failureShare * calls && sinceSuccessMs >= rules.servingMs) {
    return causeOf(mainKind ?? UNKNOWN, PROOFS.ofLast(failures, calls));
  }
  if (slow < rules.slowShare * calls) return undefined;
  return { failure: "timeout", status: null, ...explain(TOO_SLOW, PROOFS.slow(slow, calls, rules.slowMs)) };
}

function causeOf(
  { failure, status }: FailureKind,
  proof: Bilingual,
  options: { readonly isHard?: boolean | undefined } = {},
): BreakerCause {
  return { failure, status, ...explain(describeKind({ failure, status }, options), proof) };
}

function explain(fault: Bilingual, proof: Bilingual): Pick<BreakerCause, "fault" | "reason" | "ja"> {
  return {
    fault: fault.en,
    reason: `${fault.en}: ${proof.en}`,
    ja: { fault: fault.ja, reason: `${fault.ja}（${proof.ja}）` },
  };
}

function rebase(record: BreakerRecord, now: number): BreakerRecord {
  const probes = record.probes.map((probe) => ({ ...probe, startedAt: Math.min(probe.startedAt, now) }));
  const until = record.until === null ? null : now + Math.max(0, record.until - record.since);
  const trippedAt = record.trippedAt === null ? null : Math.min(record.trippedAt, now);
  return { ...record, probes, until, trippedAt, since: now };
}
