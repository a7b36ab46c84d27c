/**
 * Keeps an unattended run alive: failure classes, Retry-After, retries with jitter, a retry budget, pacing, an adaptive
 * concurrency limit, circuit breakers and a ladder of modes shared between processes, and a failure log. Useful in any
 * Deno program; independent of Civitai.
 *
 * @module
 */
export * from "./limit/adaptive_limit.ts";
export * from "./limit/adaptive_timeout.ts";
export * from "./breaker/admission.ts";
export * from "./breaker/breaker_by_hand.ts";
export { type BreakerCause, type FailureKind } from "./breaker/breaker_cause.ts";
export * from "./breaker/breaker_refusal.ts";
export * from "./breaker/breaker_rules.ts";
export * from "./breaker/breaker_state.ts";
export * from "./breaker/call_outcome.ts";
export * from "./breaker/decide_breaker.ts";
export * from "./limit/decide_limit.ts";
export * from "./ladder/decide_mode.ts";
export * from "./failsafe.ts";
export * from "./failsafe_event.ts";
export * from "./failsafe_options.ts";
export * from "./failsafe_status.ts";
export * from "./failure/failure.ts";
export * from "./failure/failure_entry.ts";
export * from "./failure/failure_log.ts";
export * from "./failure/failure_weight.ts";
export * from "./retry/full_jitter.ts";
export * from "./ladder/hold_mode.ts";
export * from "./limit/host_limits.ts";
export * from "./limit/limit_change.ts";
export * from "./limit/limit_outcome.ts";
export * from "./limit/limit_rules.ts";
export * from "./limit/limit_snapshot.ts";
export * from "./limit/limit_state.ts";
export * from "./limit/load_signal.ts";
export * from "./ladder/mode_rules.ts";
export * from "./ladder/mode_state.ts";
export * from "./breaker/outcome_of_error.ts";
export * from "./retry/pacer.ts";
export * from "./retry/retry.ts";
export * from "./retry/retry_after.ts";
export * from "./retry/retry_budget.ts";
export * from "./retry/retry_policy.ts";
export * from "./breaker/sliding_window.ts";
export * from "./breaker/window_counts.ts";
export * from "./failure/wrap_failure.ts";
