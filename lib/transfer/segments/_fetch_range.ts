import { FailureError } from "../../failsafe/mod.ts";
import type { ConnectionPermit } from "./connection_permits.ts";
import { type OpenRange, openRange } from "../_open_range.ts";
import type { PartFile } from "../part/part_file.ts";
import { writePart } from "../part/part_writer.ts";
import type { Segment } from "./_segment.ts";
import type { TransferState } from "../_transfer_state.ts";

/** One range to fetch, with the response or permit that already exists for it, and the callbacks of the crew. */
export interface RangeFetch {
  readonly segment: Segment;
  /** The open response, if the range has already been requested. */
  readonly range?: OpenRange | undefined;
  /** Permit for the connection, if it has already been obtained. */
  readonly permit?: ConnectionPermit | undefined;
  /** Whether no other connection of this file is active. */
  readonly isAlone: () => boolean;
  /** Called with bytes before they are written, and with the time spent waiting for them. */
  readonly onBytes: (count: number, waitedMs: number) => void;
}

/** Fetch a segment into the part; `segment.position` tells how far it came, even after a failure. */
export async function fetchRange(state: TransferState, part: PartFile, fetch: RangeFetch): Promise<void> {
  const { segment } = fetch;
  await using range = fetch.range ?? await open(state, part, fetch);
  const { line: { clock }, signal, maxBytes, space } = state;
  const { limiter } = range;
  const blame = (error: unknown): void => {
    // A segment that the crew stopped did not fail.
    if (!segment.stop.signal.aborted) range.recordFailure(error);
  };
  using handle = await part.openAt(segment.position);
  range.watch.startStallWindow();
  const end = await writePart(range.body, handle.file, {
    position: segment.position,
    bufferBytes: bufferBytes(segment),
    write: handle.write,
    gulpBytes: () => limiter?.chunkBytes ?? Infinity,
    end: () => segment.end,
    nowMs: () => clock.monotonic(),
    onWritten: (bytes, position) => part.recordWritten(bytes, position),
    onGathered(count, waitedMs) {
      range.watch.recordBytes(count);
      if (count > 0) range.recordFlow();
      segment.recordBytes(count, clock.monotonic());
      state.onBytes(count, waitedMs);
      fetch.onBytes(count, waitedMs);
      if (segment.position > maxBytes) throw state.createTooLargeError();
      space?.take(count);
      const paid = limiter?.take(count, { signal });
      const safe = part.caughtUp();
      return paid === undefined && safe === undefined
        ? undefined
        : range.watch.suspendDuring(Promise.all([paid, safe]));
    },
  }).catch((error) => {
    // Some transports do not throw the reason for the abort; the watch's signal contains it.
    const cause: unknown = range.watch.signal.aborted ? range.watch.signal.reason : error;
    blame(cause);
    throw cause;
  });
  const problem = await judgeEnd(state, range, { position: end, segment });
  if (problem === null) return;
  blame(problem);
  throw problem;
}

/**
 * Check that the body ends where it should. If this connection read everything up to `reach`, another read must find
 * the end of the body, which also frees the connection for reuse. If other connections took over the tail, the body is
 * abandoned before its end.
 */
async function judgeEnd(
  state: TransferState,
  range: OpenRange,
  ending: { readonly position: number; readonly segment: Segment },
): Promise<FailureError | null> {
  const { position, segment: { end, reach } } = ending;
  const prefix = `Cannot fetch "${state.name}"`;
  if (position < end && end < Infinity) {
    return new FailureError("connection", `${prefix}: the body ended at byte ${position} of ${end}`);
  }
  if (position !== reach || await range.body.read(new Uint8Array(1)) === null) return null;
  return new FailureError("connection", `${prefix}: the body is longer than the announced ${position} bytes`);
}

/** Request the segment, and accept only a response with exactly that range. */
async function open(state: TransferState, part: PartFile, fetch: RangeFetch): Promise<OpenRange> {
  const { segment, permit, isAlone } = fetch;
  const { totalBytes } = part;
  const range = await openRange(state, {
    start: segment.position,
    end: segment.end === totalBytes || segment.end === Infinity ? undefined : segment.end,
    etag: state.journal?.etag ?? null,
    totalBytes,
    signal: segment.stop.signal,
  }, permit);
  const { action, generation } = range;
  if (action.type === "append") return range;
  await range[Symbol.asyncDispose]();
  if (action.type !== "fail") {
    state.disableSegments();
    const message = `Cannot fetch "${state.name}": the server did not send the requested range`;
    throw new FailureError("server", message);
  }
  // While other connections still read from the same URL, it has not expired: the host wants fewer connections.
  if (action.error.failure === "expired" && isAlone()) state.expire(generation);
  throw action.error;
}

/** Size the buffer by the bytes that remain: a small file needs no large buffer. */
function bufferBytes({ bufferBytes, remaining }: Segment): number {
  return Math.max(1, Math.min(bufferBytes, remaining));
}
