/**
 * Keeps an unattended run alive: failure classes, Retry-After, retries with jitter, pacing, an adaptive concurrency
 * limit, circuit breakers and a ladder of modes that survive the process, and a failure log. It is useful in any
 * program and does not depend on Civitai.
 *
 * Runs in Deno, in Node 22 and later, and in Bun, except for what keeps files: `Failsafe.open`, `FailureLog` and
 * `TimeoutLog` need Deno. `Failsafe.inMemory` keeps its state in one process of any runtime.
 *
 * @module
 */
export { type Bilingual, type Language, LANGUAGES } from "../base/mod.ts";
export { AdaptiveLimit, type AdaptiveLimitOptions, type Permit } from "./limit/adaptive_limit.ts";
export { AdaptiveTimeout } from "./limit/adaptive_timeout.ts";
export type { Admission } from "./breaker/admission.ts";
export { resetBreaker, tripBreaker } from "./breaker/breaker_by_hand.ts";
export type { BreakerCause } from "./state/breaker_cause.ts";
export type { FailureKind } from "./failure/failure_kind.ts";
export type { Reason } from "./reason.ts";
export { breakerRefusal, type BreakerRefusalOptions } from "./breaker/breaker_refusal.ts";
export { type BreakerRules, breakerRules } from "./breaker/breaker_rules.ts";
export { type BreakerRecord, type BreakerState, freshBreaker, type Probe } from "./state/breaker_record.ts";
export type { CallOutcome } from "./breaker/call_outcome.ts";
export {
  admitCall,
  advanceBreaker,
  type BreakerAnswer,
  endProbe,
  judgeCalls,
  type MoveBreakerOptions,
  type RecentCalls,
} from "./breaker/decide_breaker.ts";
export type { BreakerChange } from "./state/breaker_step.ts";
export type { BreakerStep } from "./state/breaker_step.ts";
export { decideLimit } from "./limit/decide_limit.ts";
export type { LimitReport } from "./limit/limit_report.ts";
export type { LimitReason } from "./limit/limit_decision.ts";
export type { LimitDecision } from "./limit/limit_decision.ts";
export {
  decideMode,
  type DecideModeOptions,
  type ModeChange,
  type ModeDecision,
  type ModeSignals,
  type TrippedBreaker,
} from "./ladder/decide_mode.ts";
export { Failsafe } from "./failsafe.ts";
export type { FailsafeChange, FailsafeEvent } from "./failsafe_event.ts";
export type { FailsafeOptions } from "./failsafe_options.ts";
export type { FailsafeRequest } from "./state/requests.ts";
export type { BreakerStatus, FailsafeStatus, ModeStatus } from "./failsafe_status.ts";
export {
  classifyFailure,
  type FailureClass,
  FailureError,
  type FailureErrorOptions,
  isRetryable,
} from "./failure/failure.ts";
export type { FailureEntry } from "./failure/failure_entry.ts";
export { FailureLog } from "./failure/failure_log.ts";
export { type FailureWeight, failureWeight, isFailureClass } from "./failure/failure_weight.ts";
export { fullJitter, type FullJitterOptions } from "./retry/full_jitter.ts";
export { holdMode, releaseMode, resetMode } from "./ladder/hold_mode.ts";
export { HostLimits } from "./limit/host_limits.ts";
export type { LimitChange } from "./limit/limit_change.ts";
export type { LimitOutcome } from "./limit/limit_outcome.ts";
export { type LimitRules, limitRules } from "./limit/limit_rules.ts";
export type { LimitSnapshot } from "./limit/limit_snapshot.ts";
export { freshLimit, type LimitState } from "./limit/limit_state.ts";
export { loadOutcomeOf, type LoadOutcomeOptions } from "./limit/load_outcome.ts";
export { type ModeRules, modeRules, RUNGS } from "./ladder/mode_rules.ts";
export { freshMode } from "./ladder/fresh_mode.ts";
export type { ModeHold, ModeSilence, ModeState } from "./state/mode_state.ts";
export { outcomeOfError } from "./breaker/outcome_of_error.ts";
export { Pacer } from "./retry/pacer.ts";
export { retry, type RetryNotice, type RetryOptions } from "./retry/retry.ts";
export { parseRetryAfter } from "./retry/retry_after.ts";
export { RETRY_POLICY } from "./retry/retry_policy.ts";
export { SlidingWindow, type WindowRecord } from "./state/sliding_window.ts";
export type { WindowCall, WindowCounts } from "./state/window_counts.ts";
export { HostTimeouts, type StepTimeouts } from "./timeouts/host_timeouts.ts";
export type { StepWait, TimedWait, WaitStep } from "./timeouts/timed_wait.ts";
export {
  type EndedLine,
  type ExpiredLine,
  parseTimeoutLine,
  readTimeoutRecord,
  type TimeoutLine,
} from "./timeouts/timeout_line.ts";
export { TIMEOUT_LOG_NAME, TimeoutLog, type TimeoutLogOptions } from "./timeouts/timeout_log.ts";
export { wrapFailure } from "./failure/wrap_failure.ts";
