/**
 * URL and expected hash in, verified file out: resume, buffered writes, hashing while the file is written, atomic
 * finish. Independent of Civitai: the caller passes a function that resolves the URL.
 *
 * @module
 */
export { parseRateSchedule, type RateSchedule, type RateSpan } from "../base/mod.ts";
export * from "./http/auto_transport.ts";
export * from "./http/body_framing.ts";
export * from "./segments/connection_gate.ts";
export * from "./part/extents.ts";
export * from "./http/fetch_transport.ts";
export * from "./http/follow_redirects.ts";
export * from "./part/hash_follower.ts";
export * from "./part/hash_pool.ts";
export * from "./judge_response.ts";
export * from "./segments/line_memory.ts";
export * from "./http/parse_response_head.ts";
export * from "./part/part_journal.ts";
export * from "./part/plan_resume.ts";
export * from "./profile.ts";
export * from "./rate/rate_at.ts";
export * from "./rate/rate_limiter.ts";
export * from "./segments/segment_pilot.ts";
export * from "./http/socket_seams.ts";
export * from "./http/socket_transport.ts";
export * from "./rate/stall_watch.ts";
export * from "./fetch_ranges.ts";
export * from "./transfer_file.ts";
export type { TransferOptions } from "./transfer_options.ts";
export * from "./transfer_request.ts";
export * from "./http/transport.ts";
