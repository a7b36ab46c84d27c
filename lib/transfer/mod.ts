/**
 * Downloads a file from a URL and verifies it with an expected hash. Resumes interrupted transfers, buffers writes,
 * hashes the file while it is written, and finishes atomically. Independent of Civitai: the caller passes a function
 * that resolves the URL.
 *
 * @module
 */
export { parseRateSchedule, type RateSchedule, type RateSpan } from "../base/mod.ts";
export { type AutoTransportOptions, createTransport } from "./http/auto_transport.ts";
export { type BodyFraming, bodyFraming } from "./http/body_framing.ts";
export { type ConnectionPermit, type ConnectionPermits, UNLIMITED_PERMITS } from "./segments/connection_permits.ts";
export { addExtent, type Extent, frontierOf, missingExtents, sizeOfExtents } from "./part/extents.ts";
export { createFetchTransport, type FetchTransport, type FetchTransportOptions } from "./http/fetch_transport.ts";
export { followRedirects, type FollowRedirectsOptions } from "./http/follow_redirects.ts";
export { type FileDigests, type FollowOptions, followWritten, type HashFollower } from "./part/hash_follower.ts";
export { HashPool } from "./part/hash_pool.ts";
export { judgeResponse, type JudgeResponseOptions, type ResponseAction } from "./judge_response.ts";
export { type Line, type LineOptions, openLine } from "./line.ts";
export { LineMemory, type LineVerdict } from "./segments/line_memory.ts";
export { parseFieldLine, parseResponseHead, type ResponseHead } from "./http/parse_response_head.ts";
export {
  journalPathOf,
  type PartDecision,
  type PartJournal,
  partPathOf,
  readJournal,
  removePart,
  writeJournal,
} from "./part/part_journal.ts";
export { planResume, type PlanResumeOptions, type ResumePlan } from "./part/plan_resume.ts";
export { type Profile, type ProfileName, PROFILES } from "./profile.ts";
export { rateAt, type RateNow } from "./rate/rate_at.ts";
export { RateLimiter } from "./rate/rate_limiter.ts";
export { type PilotAdvice, type PilotSample, SegmentPilot } from "./segments/segment_pilot.ts";
export type { CheckPeer, ConnectSocket, Socket, StartTls, TlsSocket } from "./http/socket_seams.ts";
export {
  createSocketTransport,
  type SocketTransport,
  type SocketTransportOptions,
  type WarmOptions,
} from "./http/socket_transport.ts";
export { StallWatch } from "./rate/stall_watch.ts";
export { type ByteRange, fetchRanges, type RangesRequest, type RangesResult } from "./fetch_ranges.ts";
export { transferFile } from "./transfer_file.ts";
export {
  IntegrityError,
  type ResolvedSource,
  type ResolveSource,
  type SourceRequest,
  type TransferEvent,
  type TransferOptions,
  type TransferRequest,
  type TransferResult,
  type TransferSpace,
} from "./transfer_request.ts";
export type { Transport, TransportOptions, TransportResponse } from "./http/transport.ts";
