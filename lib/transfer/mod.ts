/**
 * URL and expected hash in, verified file out: resume, gathered writes, hashing that follows the file, atomic finish.
 * Never hears of Civitai: where the bytes come from is a function that the caller gives.
 *
 * @module
 */
export { parseRateSchedule, type RateSchedule, type RateSpan } from "../base/mod.ts";
export * from "./auto_transport.ts";
export * from "./body_framing.ts";
export * from "./connection_gate.ts";
export * from "./extents.ts";
export * from "./fetch_transport.ts";
export * from "./follow_redirects.ts";
export * from "./hash_follower.ts";
export * from "./hash_pool.ts";
export * from "./judge_response.ts";
export * from "./line_memory.ts";
export * from "./parse_response_head.ts";
export * from "./part_journal.ts";
export * from "./plan_resume.ts";
export * from "./profile.ts";
export * from "./rate_at.ts";
export * from "./rate_limiter.ts";
export * from "./segment_pilot.ts";
export * from "./socket_seams.ts";
export * from "./socket_transport.ts";
export * from "./stall_watch.ts";
export * from "./transfer_file.ts";
export * from "./transfer_request.ts";
export * from "./transport.ts";
