import { formatDuration } from "../../base/mod.ts";
import { settleMode } from "./_settle_mode.ts";
import type { BreakerCause } from "../breaker/breaker_cause.ts";
import type { ModeRules } from "./mode_rules.ts";
import type { ModeState } from "./mode_state.ts";

/** One step of a ladder. */
export interface ModeChange {
  /** The rung before. */
  readonly from: string;
  /** The rung now. */
  readonly to: string;
  /** What moved it, for a person. */
  readonly reason: string;
}

/** A breaker that keeps calls from being made. */
export interface TrippedBreaker {
  /** What it watches. */
  readonly key: string;
  /** When it left `closed`, milliseconds since the epoch. */
  readonly at: number;
  /** What opened it; `null` if that is not known. */
  readonly cause: BreakerCause | null;
}

/** What a ladder looks at. */
export interface ModeSignals {
  /** Calls within the last minute that began after the last step. */
  readonly calls: number;
  /** How many of them failed. */
  readonly failures: number;
  /** Whether bytes came within the last minute from what was called. */
  readonly flowing: boolean;
  /** Breakers that keep calls from being made. */
  readonly tripped: readonly TrippedBreaker[];
  /** What we depend on and is not there at all, such as `every host`; `null` when something is. */
  readonly gone: string | null;
}

/** What follows for a ladder. */
export interface ModeDecision {
  /** The state from now on. */
  readonly state: ModeState;
  /** The step; absent when there is none. */
  readonly change?: ModeChange;
}

/** When a ladder is looked at, and within which bounds. */
export interface ModeMoment {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The rules. */
  readonly rules: ModeRules;
  /** The boldest rung that the user allows here; the first when absent. */
  readonly ceiling?: string | undefined;
}

/**
 * The rung to stand on. Pure; a step needs what was seen since the last one:
 *
 * - Down one rung when a breaker left `closed`, or too many calls failed, or what we depend on is gone; at least
 *   `downDwellMs` after the last step.
 * - To the last rung only from the one before it, and only when what we depend on has been gone for `goneMs`.
 * - Up one rung after `upDwellMs` without trouble, when no breaker blocks and something proves health within the last
 *   minute: many calls of which few failed, or few calls, or bytes of a long one, and no failure at all. A step down
 *   within `relapseMs` of a step up doubles that time; long calm halves it again.
 * - From the last rung, where no calls tell anything, up after `pauseMs`, so that it can be tried again.
 * - Nothing moves while a person holds a rung; when that ends by itself, the ladder goes on from where it stood.
 *
 * @param state What is remembered
 * @param signals What was seen
 * @param moment Time, rules, ceiling
 * @returns The new state, and the step if there is one
 */
export function decideMode(state: ModeState, signals: ModeSignals, moment: ModeMoment): ModeDecision {
  const { now, rules } = moment;
  const settled = settleMode(state, now);
  const { hold } = settled;
  if (hold !== null) {
    if (hold.until === null || hold.until > now) return { state: settled };
    const released = { ...settled, hold: null, since: now, reason: "the hold ended" };
    return step(released, { from: hold.mode, to: settled.mode });
  }
  const seen = observe(settled, signals, moment);
  const reason = whyDown(seen, signals, moment);
  if (reason !== undefined) return stepDown(seen, reason, moment);
  return isDueUp(seen, signals, moment) ? stepUp(seen, moment) : { state: ease(seen, now, rules) };
}

/** Note trouble, and since when what we depend on is gone. */
function observe(state: ModeState, signals: ModeSignals, { now, rules }: ModeMoment): ModeState {
  const { calls, failures, tripped } = signals;
  const isFailing = calls >= rules.upCalls && failures >= rules.goneShare * calls;
  const isGone = signals.gone !== null || isFailing;
  const isTrouble = isGone || tripped.length > 0 || (failures > 0 && failures >= rules.upShare * calls);
  const goneSince = isGone ? state.goneSince ?? now : null;
  const troubleAt = isTrouble ? now : state.troubleAt;
  if (goneSince === state.goneSince && troubleAt === state.troubleAt) return state;
  return { ...state, goneSince, troubleAt };
}

function whyDown(state: ModeState, signals: ModeSignals, moment: ModeMoment): string | undefined {
  const { now, rules } = moment;
  const index = rungOf(state, moment);
  const left = rules.rungs.length - 1 - index;
  const isFirst = state.raisedAt === null && state.loweredAt === null;
  if (left === 0 || (!isFirst && now - state.since < rules.downDwellMs)) return undefined;
  const goneMs = state.goneSince === null ? 0 : now - state.goneSince;
  const gone = `${signals.gone ?? "nearly every call"} has failed for ${formatDuration(goneMs)}`;
  if (left === 1) return goneMs >= rules.goneMs ? gone : undefined;
  const { calls, failures, tripped } = signals;
  const opened = tripped.find(({ at }) => isFirst || at > state.since);
  if (opened !== undefined) return describeOpening(opened);
  if (calls >= rules.downCalls && failures >= rules.downShare * calls) {
    return `${failures} of ${calls} calls failed within a minute`;
  }
  return goneMs >= rules.downDwellMs ? gone : undefined;
}

function describeOpening({ key, cause }: TrippedBreaker): string {
  if (cause === null || cause.failure === "unknown") return `the breaker of ${key} opened`;
  return cause.failure === "tripped" ? `the breaker of ${key} was opened by hand` : `${key} ${cause.reason}`;
}

function isDueUp(state: ModeState, signals: ModeSignals, moment: ModeMoment): boolean {
  const { now, rules } = moment;
  const index = rules.rungs.indexOf(state.mode);
  if (index <= ceilingOf(moment)) return false;
  const quietMs = now - Math.max(state.since, state.troubleAt ?? -Infinity);
  if (isProven(signals, rules) && quietMs >= state.upDwellMs) return true;
  return index === rules.rungs.length - 1 && now - state.since >= pauseOf(state, rules);
}

/** A large file makes one call in many minutes, so with few calls received bytes count as a sign of health too. */
function isProven({ calls, failures, flowing, tripped }: ModeSignals, rules: ModeRules): boolean {
  if (tripped.length > 0) return false;
  if (calls >= rules.upCalls) return failures < rules.upShare * calls;
  return failures === 0 && (calls > 0 || flowing);
}

/**
 * How long a ladder stays on its last rung.
 *
 * @param state What is remembered
 * @param rules The rules
 * @returns Milliseconds
 */
export function pauseOf(state: Pick<ModeState, "upDwellMs">, rules: ModeRules): number {
  return Math.min(Math.max(rules.maxUpDwellMs, rules.pauseMs), rules.pauseMs * state.upDwellMs / rules.upDwellMs);
}

function stepDown(state: ModeState, reason: string, moment: ModeMoment): ModeDecision {
  const { now, rules } = moment;
  const index = rungOf(state, moment);
  const isRelapse = state.raisedAt !== null && now - state.raisedAt <= Math.max(rules.relapseMs, state.upDwellMs);
  const upDwellMs = isRelapse ? Math.min(rules.maxUpDwellMs, state.upDwellMs * 2) : state.upDwellMs;
  // One relapse counts once, however many steps down follow it.
  const fallen = { ...state, since: now, loweredAt: now, raisedAt: null, reason, upDwellMs };
  return step({ ...fallen, mode: rules.rungs[index + 1]! }, { from: rules.rungs[index]!, to: rules.rungs[index + 1]! });
}

function stepUp(state: ModeState, { now, rules }: ModeMoment): ModeDecision {
  const index = rules.rungs.indexOf(state.mode);
  const isPause = index === rules.rungs.length - 1;
  const reason = isPause ? "the pause is over" : `no trouble for ${formatDuration(state.upDwellMs)}`;
  const to = rules.rungs[index - 1]!;
  const raised = { ...state, mode: to, since: now, raisedAt: now, goneSince: null, reason };
  return step(raised, { from: state.mode, to });
}

function ease(state: ModeState, now: number, rules: ModeRules): ModeState {
  const { upDwellMs, loweredAt, easedAt } = state;
  const calmSince = Math.max(loweredAt ?? -Infinity, easedAt ?? -Infinity);
  if (upDwellMs <= rules.upDwellMs || now - calmSince < rules.calmMs) return state;
  return { ...state, upDwellMs: Math.max(rules.upDwellMs, Math.round(upDwellMs / 2)), easedAt: now };
}

function step(state: ModeState, change: Omit<ModeChange, "reason">): ModeDecision {
  return change.from === change.to ? { state } : { state, change: { ...change, reason: state.reason! } };
}

function ceilingOf({ rules, ceiling }: ModeMoment): number {
  return ceiling === undefined ? 0 : Math.max(0, rules.rungs.indexOf(ceiling));
}

/** Where the ladder stands for us: never above the ceiling. */
function rungOf(state: ModeState, moment: ModeMoment): number {
  return Math.max(moment.rules.rungs.indexOf(state.mode), ceilingOf(moment));
}
