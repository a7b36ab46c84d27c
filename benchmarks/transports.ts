/**
 * Transports, hashing, buffers and ways to write, each compared with the engine's choice. Available in a checkout only,
 * through `deno task benchmark --transports`.
 *
 * @module
 */
export * from "./transports/compare_transports.ts";
export * from "./transports/comparisons.ts";
export * from "./transports/side_spec.ts";
