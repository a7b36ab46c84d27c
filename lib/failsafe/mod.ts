/**
 * What keeps an unattended run alive: classes of failures, Retry-After, jittered retries, a retry budget, pacing,
 * a limit of work in flight that adapts.
 * Useful in any Deno program; knows nothing of Civitai.
 *
 * @module
 */
export * from "./adaptive_limit.ts";
export * from "./adaptive_timeout.ts";
export * from "./decide_limit.ts";
export * from "./failure.ts";
export * from "./full_jitter.ts";
export * from "./host_limits.ts";
export * from "./limit_change.ts";
export * from "./limit_outcome.ts";
export * from "./limit_rules.ts";
export * from "./limit_snapshot.ts";
export * from "./limit_state.ts";
export * from "./load_signal.ts";
export * from "./pacer.ts";
export * from "./retry.ts";
export * from "./retry_after.ts";
export * from "./retry_budget.ts";
export * from "./wrap_failure.ts";
