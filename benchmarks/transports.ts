/**
 * Transports, hashing, buffers and ways to write, each against what the engine has. From a checkout only, by
 * `deno task benchmark --transports`.
 *
 * @module
 */
export * from "./transports/compare_transports.ts";
export * from "./transports/comparisons.ts";
export * from "./transports/side_spec.ts";
