/**
 * What keeps an unattended run alive: classes of failures, Retry-After, jittered retries, a retry budget, pacing,
 * a limit of work in flight that adapts, breakers and a ladder of modes that processes share, a log of failures.
 * Useful in any Deno program; knows nothing of Civitai.
 *
 * @module
 */
export * from "./adaptive_limit.ts";
export * from "./adaptive_timeout.ts";
export * from "./admission.ts";
export * from "./breaker_by_hand.ts";
export { type BreakerCause, type FailureKind } from "./breaker_cause.ts";
export * from "./breaker_refusal.ts";
export * from "./breaker_rules.ts";
export * from "./breaker_state.ts";
export * from "./call_outcome.ts";
export * from "./decide_breaker.ts";
export * from "./decide_limit.ts";
export * from "./decide_mode.ts";
export * from "./failsafe.ts";
export * from "./failsafe_event.ts";
export * from "./failsafe_options.ts";
export * from "./failsafe_status.ts";
export * from "./failure.ts";
export * from "./failure_entry.ts";
export * from "./failure_log.ts";
export * from "./failure_weight.ts";
export * from "./full_jitter.ts";
export * from "./hold_mode.ts";
export * from "./host_limits.ts";
export * from "./limit_change.ts";
export * from "./limit_outcome.ts";
export * from "./limit_rules.ts";
export * from "./limit_snapshot.ts";
export * from "./limit_state.ts";
export * from "./load_signal.ts";
export * from "./mode_rules.ts";
export * from "./mode_state.ts";
export * from "./outcome_of_error.ts";
export * from "./pacer.ts";
export * from "./retry.ts";
export * from "./retry_after.ts";
export * from "./retry_budget.ts";
export * from "./retry_policy.ts";
export * from "./sliding_window.ts";
export * from "./window_counts.ts";
export * from "./wrap_failure.ts";
