import { FailureError } from "../../failsafe/mod.ts";
import type { ConnectionPermit } from "./connection_gate.ts";
import { type OpenRange, openRange } from "../_open_range.ts";
import type { PartFile } from "../part/part_file.ts";
import { writePart } from "../part/part_writer.ts";
import type { Segment } from "./_segment.ts";
import type { TransferState } from "../_transfer_state.ts";

/** One range to fetch, and who wants to know. */
export interface RangeFetch {
  readonly segment: Segment;
  /** Its answer, if it is there already. */
  readonly range?: OpenRange | undefined;
  /** Leave for the connection, if it was got already. */
  readonly permit?: ConnectionPermit | undefined;
  /** Whether no other connection of this file is at work. */
  readonly isAlone: () => boolean;
  /** Told of bytes before they are written, with the time that was spent waiting for them. */
  readonly onBytes: (count: number, waitedMs: number) => void;
}

/** Fetch a segment into the part; `segment.position` tells how far it came, also when it fails. */
export async function fetchRange(state: TransferState, part: PartFile, fetch: RangeFetch): Promise<void> {
  const { segment } = fetch;
  await using range = fetch.range ?? await open(state, part, fetch);
  const { limiter, signal, maxBytes, room } = state.options;
  const blame = (error: unknown): void => {
    // Who was sent away did not fail.
    if (!segment.stop.signal.aborted) range.failed(error);
  };
  using handle = await part.openAt(segment.position);
  range.watch.bodyBegins();
  const end = await writePart(range.body, handle.file, {
    position: segment.position,
    bufferBytes: bufferBytes(segment),
    gulpBytes: () => limiter?.gulpBytes ?? Infinity,
    end: () => segment.end,
    onWritten: (bytes, position) => part.written(bytes, position),
    onGathered(count, waitedMs) {
      range.watch.seen(count);
      if (count > 0) range.flows();
      segment.moved(count, performance.now());
      state.onBytes(count);
      fetch.onBytes(count, waitedMs);
      if (segment.position > maxBytes) throw state.tooLarge();
      room?.take(count);
      const paid = limiter?.pay(count, { signal });
      const safe = part.caughtUp();
      return paid === undefined && safe === undefined ? undefined : range.watch.rest(Promise.all([paid, safe]));
    },
  }).catch((error) => {
    // Some transports hide why they were aborted; the watch knows.
    const cause: unknown = range.watch.signal.aborted ? range.watch.signal.reason : error;
    blame(cause);
    throw cause;
  });
  const problem = await judgeEnd(state, range, { at: end, segment });
  if (problem === null) return;
  blame(problem);
  throw problem;
}

/** A body that was read whole frees its connection for the next; one that was left to others does not. */
async function judgeEnd(
  state: TransferState,
  range: OpenRange,
  ending: { readonly at: number; readonly segment: Segment },
): Promise<FailureError | null> {
  const { at, segment: { end, reach } } = ending;
  const prefix = `Cannot fetch "${state.name}"`;
  if (at < end && end < Infinity) {
    return new FailureError("connection", `${prefix}: the body ended at byte ${at} of ${end}`);
  }
  if (at !== reach || await range.body.read(new Uint8Array(1)) === null) return null;
  return new FailureError("connection", `${prefix}: more came than the ${at} bytes that were told`);
}

/** Ask for the segment, and take no other answer than exactly that. */
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
    state.keepToOne();
    const message = `Cannot fetch "${state.name}": the server sent something else than the range that was asked for`;
    throw new FailureError("server", message);
  }
  // While others still read from the same address it is not old: the host wants fewer connections.
  if (action.error.failure === "expired" && isAlone()) state.expire(generation);
  throw action.error;
}

/** A small file needs no large buffers. */
function bufferBytes({ bufferBytes, remaining }: Segment): number {
  return Math.max(1, Math.min(bufferBytes, remaining));
}
