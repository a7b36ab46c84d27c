/**
 * Line-based logs that several processes write and rotate: append to them, read them from either end, and follow them
 * across rotation and restarts. `download.log`, `failures.jsonl`, `timeouts.log`, the metrics, the monitor's journal, the alerts'
 * `file:` receiver and the journal of a soak are all written here.
 *
 * @module
 */
export { type FollowFigures, LogFollower, type LogFollowerOptions } from "./follow/log_follower.ts";
export type { LogPosition } from "./follow/log_position.ts";
export { type ChainEntry, listChain } from "./log_chain.ts";
export { LogWriter, type LogWriterOptions, type RotationLimits } from "./log_writer.ts";
export { readLog } from "./read_log.ts";
export { readLines } from "./read_lines.ts";
export { tailLines, type TailOptions } from "./tail_lines.ts";
