/**
 * The engine's phases against phase 1, by five workloads. From a checkout only, by `deno task benchmark --phase`.
 *
 * @module
 */
export * from "./phases/phase_targets.ts";
export * from "./phases/workload.ts";
