import { formatDuration } from "../../base/mod.ts";
import { type BreakerCause, describeKind, type FailureKind } from "./breaker_cause.ts";
import { closeBreaker, halfOpenBreaker, openBreaker } from "./_move_breaker.ts";
import type { BreakerRules } from "./breaker_rules.ts";
import type { BreakerPhase, BreakerState } from "./breaker_state.ts";
import type { WindowCounts } from "./window_counts.ts";

/** One transition of a breaker. */
export interface BreakerChange {
  /** Before. */
  readonly from: BreakerPhase;
  /** Now. */
  readonly to: BreakerPhase;
  /** What moved it, in words that follow the key. */
  readonly reason: string;
  /** What keeps calls from being made; `null` when nothing does. */
  readonly cause: BreakerCause | null;
  /** How long nothing is let through, in milliseconds. */
  readonly retryInMs: number;
}

/** What follows from something that happened to a breaker. */
export interface BreakerStep {
  /** The state from now on. */
  readonly state: BreakerState;
  /** The transitions, in order; most often none. */
  readonly changes: readonly BreakerChange[];
}

/** When something happens, and by which rules. */
export interface BreakerMoment {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The rules. */
  readonly rules: BreakerRules;
  /** From 0 to 1, for the jitter. */
  readonly dice: number;
}

/** What a breaker says to a call. */
export interface BreakerAnswer extends BreakerStep {
  /** Whether it may be made, and whether the breaker's fate hangs on it. */
  readonly type: "allowed" | "probe" | "refused";
  /** When to ask again, in milliseconds; 0 unless refused. */
  readonly retryInMs: number;
}

/** Clocks of one machine differ by less; a greater difference means that the clock was set back. */
const SKEW_MS = 5000;
/** Ask again after so long while probes are under way: their verdict may come at any moment. */
const VERDICT_MS = 1000;

/**
 * Bring a breaker up to the present: whatever should have happened by now has happened at its own time. A clock that was
 * set back begins the wait anew instead of making it last for as long as the clock was ahead.
 *
 * @param state What is remembered
 * @param moment Time, rules, dice
 * @returns The state as it is now
 */
export function settleBreaker(state: BreakerState, moment: BreakerMoment): BreakerStep {
  const { now, rules, dice } = moment;
  if (state.since > now + SKEW_MS) return { state: rebase(state, now), changes: [] };
  const oldest = Math.min(...state.probes.map((probe) => probe.startedAt));
  if (state.phase !== "half-open" || now < oldest + rules.probeTimeoutMs) return { state, changes: [] };
  // Its process may have been killed, so it says nothing new about what is wrong; that a person began it is over.
  const known = state.cause === null || state.cause.failure === "tripped" ? UNKNOWN : state.cause;
  const cause = causeOf(known, `a probe did not end within ${formatDuration(rules.probeTimeoutMs)}`);
  return openBreaker(state, { at: oldest + rules.probeTimeoutMs, cause, dice }, rules);
}

/**
 * Ask for leave to make a call.
 *
 * @param state What is remembered
 * @param moment Time, rules, dice, and the id that a probe would have
 * @returns Leave, or none; the state has the probe's place when it is one
 */
export function admitCall(state: BreakerState, moment: BreakerMoment & { readonly probe: string }): BreakerAnswer {
  const { now, rules } = moment;
  const settled = settleBreaker(state, moment);
  const { phase, until } = settled.state;
  if (phase === "closed") return { ...settled, type: "allowed", retryInMs: 0 };
  if (phase === "open" && until! > now) return { ...settled, type: "refused", retryInMs: until! - now };
  const turned = phase === "open" ? halfOpenBreaker(settled.state, now) : { state: settled.state, changes: [] };
  const changes = [...settled.changes, ...turned.changes];
  const { probes, succeeded, failed } = turned.state;
  if (probes.length + succeeded + failed >= rules.probes) {
    return { state: turned.state, changes, type: "refused", retryInMs: VERDICT_MS };
  }
  const probe = { id: moment.probe, startedAt: now };
  return { state: { ...turned.state, probes: [...probes, probe] }, changes, type: "probe", retryInMs: 0 };
}

/**
 * Note the end of a probe. One that is not known any more changes nothing: it had no end in time, or somebody else
 * brought the verdict.
 *
 * @param state What is remembered
 * @param probe Its id, how it ended, and what it failed with; `none` frees its place and counts for nothing, `flowing`
 * proves by a body that goes on coming that the host is well, and closes the breaker alone
 * @param moment Time, rules, dice
 * @returns The state from now on
 */
export function endProbe(
  state: BreakerState,
  probe: {
    readonly id: string;
    readonly end: "ok" | "failed" | "none" | "flowing";
    readonly kind?: FailureKind | undefined;
  },
  moment: BreakerMoment,
): BreakerStep {
  const { now, rules, dice } = moment;
  const { state: settled, changes } = settleBreaker(state, moment);
  if (!settled.probes.some(({ id }) => id === probe.id)) return { state: settled, changes };
  if (probe.end === "flowing") return closeBreaker(settled, now, "bytes come from it again");
  const probes = settled.probes.filter(({ id }) => id !== probe.id);
  const succeeded = settled.succeeded + (probe.end === "ok" ? 1 : 0);
  const failed = settled.failed + (probe.end === "failed" ? 1 : 0);
  const next = { ...settled, probes, succeeded, failed };
  if (succeeded >= rules.successes) return closeBreaker(next, now, `${succeeded} of ${rules.probes} probes did well`);
  if (rules.probes - failed >= rules.successes) return { state: next, changes };
  const again = causeOf(probe.kind ?? settled.cause ?? UNKNOWN, `${failed} of ${rules.probes} probes failed`);
  return openBreaker(next, { at: now, cause: again, dice }, rules);
}

/** The calls that a breaker is judged by. */
export interface SeenCalls extends WindowCounts {
  /** How long ago the last call went well, in milliseconds; Infinity if none did. */
  readonly sinceGoodMs: number;
  /** Hard failures in a row up to now. */
  readonly hardRun: number;
  /** What most of the failures were; `null` if that is not known. */
  readonly mainKind?: FailureKind | null | undefined;
  /** What the last failure was; `null` if that is not known. */
  readonly lastKind?: FailureKind | null | undefined;
}

/**
 * Judge a closed breaker by the calls that it let through.
 *
 * @param state What is remembered
 * @param seen The last calls, the hard failures in a row, and what most of the failures and the last one were
 * @param moment Time, rules, dice
 * @returns The state from now on
 */
export function judgeCalls(
  state: BreakerState,
  seen: SeenCalls,
  moment: BreakerMoment,
): BreakerStep {
  const { now, rules, dice } = moment;
  const cause = state.phase === "closed" ? whyOpen(seen, rules) : undefined;
  return cause === undefined ? { state, changes: [] } : openBreaker(state, { at: now, cause, dice }, rules);
}

const UNKNOWN: FailureKind = { failure: "unknown", status: null };

function whyOpen(seen: SeenCalls, rules: BreakerRules): BreakerCause | undefined {
  const { calls, failures, slow, sinceGoodMs, hardRun, mainKind, lastKind } = seen;
  if (hardRun >= rules.hardFailures) {
    const last = lastKind ?? UNKNOWN;
    return { ...last, reason: `${describeKind(last, { isHard: true })}: ${hardRun} calls in a row failed` };
  }
  if (calls < rules.minCalls) return undefined;
  if (failures >= rules.failureShare * calls && sinceGoodMs >= rules.servingMs) {
    return causeOf(mainKind ?? UNKNOWN, `${failures} of its last ${calls} calls failed`);
  }
  if (slow < rules.slowShare * calls) return undefined;
  const limit = formatDuration(rules.slowMs);
  const reason = `is too slow: ${slow} of its last ${calls} calls took longer than ${limit}`;
  return { failure: "timeout", status: null, reason };
}

function causeOf({ failure, status }: FailureKind, proof: string): BreakerCause {
  return { failure, status, reason: `${describeKind({ failure, status })}: ${proof}` };
}

function rebase(state: BreakerState, now: number): BreakerState {
  const probes = state.probes.map((probe) => ({ ...probe, startedAt: Math.min(probe.startedAt, now) }));
  const until = state.until === null ? null : now + Math.max(0, state.until - state.since);
  const trippedAt = state.trippedAt === null ? null : Math.min(state.trippedAt, now);
  return { ...state, probes, until, trippedAt, since: now };
}
