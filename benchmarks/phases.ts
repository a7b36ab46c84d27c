/**
 * Phases of the engine compared with phase 1, in five workloads. Available in a checkout only, through
 * `deno task benchmark --phase`.
 *
 * @module
 */
export * from "./phases/phase_targets.ts";
export * from "./phases/workload.ts";
