import type { Bilingual } from "../../base/mod.ts";
import { clampModeTimes } from "./_clamp_mode_times.ts";
import type { BreakerCause } from "../state/breaker_cause.ts";
import type { ModeRules } from "./mode_rules.ts";
import type { ModeSilence, ModeState } from "../state/mode_state.ts";
import { MODE_REASONS, NEARLY_EVERY_CALL, type Reason, toReason } from "../reason.ts";

/** Bytes that arrived within this time prove that a long call works, in milliseconds. */
const FLOW_MS = 60_000;

/** One transition of the mode. */
export interface ModeChange extends Reason {
  /** The mode before. */
  readonly from: string;
  /** The mode after. */
  readonly to: string;
  /** Whether somebody holds the mode from now on. */
  readonly isHeld: boolean;
}

/** A breaker that blocks calls. */
export interface TrippedBreaker {
  /** The dependency that it guards. */
  readonly key: string;
  /** When it left `closed`, milliseconds since the epoch. */
  readonly at: number;
  /** Why it opened; `null` if unknown. */
  readonly cause: BreakerCause | null;
}

/** Observations on which the decision of a ladder is based. */
export interface ModeSignals {
  /** Number of calls that ended within the last minute and after the last step. */
  readonly calls: number;
  /** How many of these calls failed. */
  readonly failures: number;
  /** When bytes last arrived from any dependency, milliseconds since the epoch; `null` if none did. */
  readonly flowedAt: number | null;
  /** How long work has waited for bytes without any, in milliseconds. */
  readonly silentMs: number;
  /** Breakers that block calls. */
  readonly tripped: readonly TrippedBreaker[];
  /** The group of dependencies that is unavailable, such as `every host`; `null` if there is none. */
  readonly gone: Bilingual | null;
}

/** Result of a decision about the mode. */
export interface ModeDecision {
  /** The new state. */
  readonly state: ModeState;
  /** The transition; absent if the mode stays the same. */
  readonly change?: ModeChange;
}

/** Time, rules and ceiling of a decision about the mode. */
export interface DecideModeOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The rules of the ladder. */
  readonly rules: ModeRules;
  /** The fastest mode that this process may use; the first one if absent. */
  readonly ceiling?: string | undefined;
}

/**
 * Decide the mode of a ladder. This is a pure function. Each step requires observations that were made after the last
 * one:
 *
 * - One mode down if a breaker left `closed`, too many calls failed, no byte arrived for `silentMs`, or the dependencies
 *   have been unavailable for `downDwellMs`; at least `downDwellMs` after the last step.
 * - To the last mode only from the one before it, and only if the dependencies have been unavailable, or no byte has arrived, for
 *   `goneMs`.
 * - One mode up after `upDwellMs` without trouble, if no breaker blocks and the last minute proves health: many calls
 *   of which few failed, or fewer calls without any failure, or only the bytes of a long call. A step down within
 *   `relapseMs` of a step up doubles that time; a long calm period halves it again.
 * - Back to the mode before a silence when bytes have arrived for `resumeMs`: how many connections a host can handle was
 *   not the question. A silence within `relapseMs` of a step up is a relapse, after which the mode rises as usual.
 * - One mode up from the last mode, in which no calls are made, after `pauseMs`, to try again.
 * - No step while a mode is held manually. When the hold ends by itself, the ladder continues from the mode that it had before the hold.
 *
 * @param state The current state
 * @param signals The observations
 * @param options Time, rules, ceiling
 * @returns The new state and the transition, if any
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decideMode, freshMode, modeRules } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const rules = modeRules();
 * const signals = { calls: 20, failures: 8, flowedAt: 900, silentMs: 0, tripped: [], gone: null };
 * const { change } = decideMode(freshMode(rules, 0), signals, { now: 1000, rules });
 * assertEquals([change?.to, change?.reason], ["parallel", "8 of 20 calls failed within a minute"]);
 * ```
 */
export function decideMode(state: ModeState, signals: ModeSignals, options: DecideModeOptions): ModeDecision {
  const { now, rules } = options;
  const settled = clampModeTimes(state, now);
  const { hold } = settled;
  if (hold !== null) {
    if (hold.until === null || hold.until > now) return { state: settled };
    const released = { ...settled, hold: null, since: now, ...toReason(MODE_REASONS.holdEnded) };
    return step(released, { from: hold.mode, to: settled.mode });
  }
  const observed = observe(settled, signals, options);
  const reason = findDownReason(observed, signals, options) ?? findSilence(observed, signals, options);
  if (reason !== undefined) {
    return stepDown(observed, { reason, silence: silenceOf(observed, signals, options) }, options);
  }
  if (isSilenceOver(observed, signals, options)) return stepBack(observed, options);
  return isDueUp(observed, signals, options) ? stepUp(observed, options) : { state: ease(observed, now, rules) };
}

/** Record the time of the last trouble, and the time since which the dependencies are unavailable. */
function observe(state: ModeState, signals: ModeSignals, { now, rules }: DecideModeOptions): ModeState {
  const { calls, failures, tripped } = signals;
  const isFailing = calls >= rules.upCalls && failures >= rules.goneShare * calls;
  const isGone = signals.gone !== null || isFailing;
  const isSilent = signals.silentMs >= rules.silentMs;
  const isTrouble = isGone || isSilent || tripped.length > 0 || (failures > 0 && failures >= rules.upShare * calls);
  const unavailableSince = isGone ? state.unavailableSince ?? now : null;
  const troubleAt = isTrouble ? now : state.troubleAt;
  const silence = observeSilence(state.silence, signals, { now, rules });
  const isSame = unavailableSince === state.unavailableSince && troubleAt === state.troubleAt;
  return isSame && silence === state.silence ? state : { ...state, unavailableSince, troubleAt, silence };
}

function observeSilence(
  silence: ModeSilence | null,
  { silentMs, flowedAt }: ModeSignals,
  { now, rules }: Pick<DecideModeOptions, "now" | "rules">,
): ModeSilence | null {
  if (silence === null) return null;
  if (silentMs >= rules.silentMs) return { ...silence, at: now, resumedAt: null };
  if (silence.resumedAt !== null || flowedAt === null || flowedAt <= silence.at) return silence;
  return { ...silence, resumedAt: now };
}

/** Whether enough time has passed since the last step for another one down. */
function mayStepDown(state: ModeState, { now, rules }: DecideModeOptions): boolean {
  const isFirst = state.raisedAt === null && state.loweredAt === null;
  return isFirst || now - state.since >= rules.downDwellMs;
}

/**
 * Find the silence that lowers the mode. Its time leads to the last mode, not the number of its failures: each call waits
 * for minutes, so there are few.
 */
function findSilence(state: ModeState, { silentMs }: ModeSignals, options: DecideModeOptions): Bilingual | undefined {
  const { rules } = options;
  const rungsLeft = rules.rungs.length - 1 - rungOf(state, options);
  const neededMs = rungsLeft === 1 ? pausingSilenceOf(rules) : rules.silentMs;
  if (rungsLeft === 0 || silentMs < neededMs || !mayStepDown(state, options)) return undefined;
  return MODE_REASONS.silent(silentMs);
}

/** Whether bytes have arrived for long enough after the silence that lowered the mode. */
function isSilenceOver(
  { silence }: ModeState,
  { flowedAt, tripped }: ModeSignals,
  { now, rules }: DecideModeOptions,
): boolean {
  if (silence === null || silence.from === null || silence.resumedAt === null) return false;
  const isFlowing = flowedAt !== null && now - flowedAt < rules.resumeMs;
  return isFlowing && tripped.length === 0 && now - silence.resumedAt >= rules.resumeMs;
}

function findDownReason(state: ModeState, signals: ModeSignals, options: DecideModeOptions): Bilingual | undefined {
  const { now, rules } = options;
  const index = rungOf(state, options);
  const rungsLeft = rules.rungs.length - 1 - index;
  const isFirst = state.raisedAt === null && state.loweredAt === null;
  if (rungsLeft === 0 || !mayStepDown(state, options)) return undefined;
  const goneMs = state.unavailableSince === null ? 0 : now - state.unavailableSince;
  const gone = MODE_REASONS.gone(signals.gone ?? NEARLY_EVERY_CALL, goneMs);
  if (rungsLeft === 1) return goneMs >= rules.goneMs ? gone : undefined;
  const { calls, failures, tripped } = signals;
  const opened = tripped.find(({ at }) => isFirst || at > state.since);
  if (opened !== undefined) return describeOpening(opened);
  if (calls >= rules.downCalls && failures >= rules.downShare * calls) {
    return MODE_REASONS.failing(failures, calls);
  }
  return goneMs >= rules.downDwellMs ? gone : undefined;
}

function describeOpening({ key, cause }: TrippedBreaker): Bilingual {
  if (cause === null || cause.failure === "unknown") return MODE_REASONS.opened(key);
  return cause.failure === "tripped" ? MODE_REASONS.openedManually(key) : MODE_REASONS.ofHost(key, cause);
}

function isDueUp(state: ModeState, signals: ModeSignals, options: DecideModeOptions): boolean {
  const { now, rules } = options;
  const index = rules.rungs.indexOf(state.mode);
  if (index <= ceilingOf(options)) return false;
  const quietMs = now - Math.max(state.since, state.troubleAt ?? -Infinity);
  if (isProven(signals, options) && quietMs >= state.upDwellMs) return true;
  return index === rules.rungs.length - 1 && now - state.since >= pauseOf(state, rules);
}

/**
 * Whether the last minute proves health. A large file is a single call that takes many minutes, so received bytes count
 * too.
 */
function isProven({ calls, failures, flowedAt, tripped }: ModeSignals, { now, rules }: DecideModeOptions): boolean {
  if (tripped.length > 0) return false;
  if (calls >= rules.upCalls) return failures < rules.upShare * calls;
  return failures === 0 && (calls > 0 || (flowedAt !== null && now - flowedAt <= FLOW_MS));
}

/**
 * Determine how long no byte may have arrived before a ladder enters its last mode: as long as the dependencies may be
 * unavailable, and no shorter than a silence that lowers the other modes.
 *
 * @param rules The rules of the ladder
 * @returns Milliseconds
 */
export function pausingSilenceOf(rules: ModeRules): number {
  return Math.max(rules.goneMs, rules.silentMs);
}

/**
 * Determine how long a ladder stays in its last mode. Relapses prolong this time in proportion to `upDwellMs`.
 *
 * @param state The current state
 * @param rules The rules of the ladder
 * @returns Milliseconds
 */
export function pauseOf(state: Pick<ModeState, "upDwellMs">, rules: ModeRules): number {
  return Math.min(Math.max(rules.maxUpDwellMs, rules.pauseMs), rules.pauseMs * state.upDwellMs / rules.upDwellMs);
}

function isRelapse(state: ModeState, { now, rules }: DecideModeOptions): boolean {
  return state.raisedAt !== null && now - state.raisedAt <= Math.max(rules.relapseMs, state.upDwellMs);
}

/** The silence to remember with a step down: all steps in one silence share the mode before the first. */
function silenceOf(state: ModeState, signals: ModeSignals, options: DecideModeOptions): ModeSilence | null {
  const { now, rules } = options;
  if (signals.silentMs < rules.silentMs) return null;
  const from = isRelapse(state, options) ? null : rules.rungs[rungOf(state, options)]!;
  return { ...state.silence ?? { from }, at: now, resumedAt: null };
}

function stepDown(
  state: ModeState,
  { reason, silence }: Pick<ModeState, "silence"> & { readonly reason: Bilingual },
  options: DecideModeOptions,
): ModeDecision {
  const { now, rules } = options;
  const index = rungOf(state, options);
  const upDwellMs = isRelapse(state, options) ? Math.min(rules.maxUpDwellMs, state.upDwellMs * 2) : state.upDwellMs;
  // Clearing `raisedAt` counts a relapse only once, however many steps down follow.
  const lowered = { ...state, since: now, loweredAt: now, raisedAt: null, ...toReason(reason), upDwellMs, silence };
  return step({ ...lowered, mode: rules.rungs[index + 1]! }, {
    from: rules.rungs[index]!,
    to: rules.rungs[index + 1]!,
  });
}

function stepBack(state: ModeState, { now }: DecideModeOptions): ModeDecision {
  const to = state.silence!.from!;
  const reason = toReason(MODE_REASONS.flowing);
  const raised = { ...state, mode: to, since: now, raisedAt: now, silence: null, ...reason };
  return step(raised, { from: state.mode, to });
}

function stepUp(state: ModeState, { now, rules }: DecideModeOptions): ModeDecision {
  const index = rules.rungs.indexOf(state.mode);
  const isPause = index === rules.rungs.length - 1;
  const reason = toReason(isPause ? MODE_REASONS.pauseOver : MODE_REASONS.calm(state.upDwellMs));
  const to = rules.rungs[index - 1]!;
  // A pause does not end the silence that led to it.
  const silence = isPause ? state.silence : null;
  const raised = { ...state, mode: to, since: now, raisedAt: now, silence, ...reason };
  return step(raised, { from: state.mode, to });
}

function ease(state: ModeState, now: number, rules: ModeRules): ModeState {
  const { upDwellMs, loweredAt, easedAt } = state;
  const calmSince = Math.max(loweredAt ?? -Infinity, easedAt ?? -Infinity);
  if (upDwellMs <= rules.upDwellMs || now - calmSince < rules.calmMs) return state;
  return { ...state, upDwellMs: Math.max(rules.upDwellMs, Math.round(upDwellMs / 2)), easedAt: now };
}

function step(state: ModeState, change: Omit<ModeChange, keyof Reason | "isHeld">): ModeDecision {
  if (change.from === change.to) return { state };
  return { state, change: { ...change, isHeld: false, reason: state.reason!, ja: { reason: state.ja.reason! } } };
}

function ceilingOf({ rules, ceiling }: DecideModeOptions): number {
  return ceiling === undefined ? 0 : Math.max(0, rules.rungs.indexOf(ceiling));
}

/** Index of the ladder's mode, limited by the ceiling of this process. */
function rungOf(state: ModeState, options: DecideModeOptions): number {
  return Math.max(options.rules.rungs.indexOf(state.mode), ceilingOf(options));
}
