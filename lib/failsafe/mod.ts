/**
 * What keeps an unattended run alive: classes of failures, Retry-After, jittered retries, a retry budget, pacing.
 * Useful in any Deno program; knows nothing of Civitai.
 *
 * @module
 */
export * from "./adaptive_timeout.ts";
export * from "./failure.ts";
export * from "./full_jitter.ts";
export * from "./pacer.ts";
export * from "./retry.ts";
export * from "./retry_after.ts";
export * from "./retry_budget.ts";
export * from "./wrap_failure.ts";
