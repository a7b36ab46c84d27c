import { FailureError } from "../failsafe/mod.ts";
import { type OpenRange, openRange } from "./_open_range.ts";
import { retryTransfer } from "./_retry_transfer.ts";
import type { Line } from "./line.ts";
import { TransferState } from "./_transfer_state.ts";
import type { SourceRequest, TransferOptions } from "./transfer_request.ts";
import { writePart } from "./part/part_writer.ts";

const BUFFER_BYTES = 1 << 20;

/** A range of bytes. */
export interface ByteRange {
  /** Position of its first byte. */
  readonly start: number;
  /** Position after its last byte. */
  readonly end: number;
}

/** Ranges of an object to fetch into a file that exists. */
export interface RangesRequest extends SourceRequest {
  /** The file, open for writing. Each byte is written at the position that it has in the object. */
  readonly file: Deno.FsFile;
  /** What to fetch, one range after another. */
  readonly ranges: readonly ByteRange[];
  /** Size of the whole object. If the server reports another size, the object is a different one. */
  readonly totalBytes: number;
  /**
   * Strong validator of the object; `null` if none is known. In that case all ranges must have the validator of the
   * first.
   */
  readonly etag: string | null;
}

/** Result of {@linkcode fetchRanges}. */
export interface RangesResult {
  /** Number of bytes that arrived, including those of repeated attempts. */
  readonly fetchedBytes: number;
  /** Number of attempts after the first of each range. */
  readonly retries: number;
}

/**
 * Fetch ranges of an object into a file, such as the damaged blocks of a large one. An interrupted attempt is repeated
 * from the last byte that was written. The file is neither flushed nor verified: the caller does that.
 *
 * @param request The ranges, and the object that they must belong to
 * @param line What all transfers share
 * @param options Signal and events
 * @returns The number of bytes that arrived and the number of retries
 * @throws {FailureError} `changed`, not retryable, if the server has a different object or does not send ranges;
 * otherwise the reason why a range cannot be fetched
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createTransport, fetchRanges, openLine } from "@civitai-dl/civitai-dl/transfer";
 *
 * const answer = () => new Response("ll", { status: 206, headers: { "content-range": "bytes 2-3/5" } });
 * await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
 * using transport = createTransport();
 * using line = openLine({ transport: transport.send });
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "he__o");
 * using file = await Deno.open(path, { write: true });
 * const resolve = () => Promise.resolve({ url: `http://127.0.0.1:${server.addr.port}/a` });
 * const request = { path, file, ranges: [{ start: 2, end: 4 }], totalBytes: 5, etag: null, resolve };
 * await fetchRanges(request, line);
 * assertEquals(await Deno.readTextFile(path), "hello");
 * ```
 */
export async function fetchRanges(
  request: RangesRequest,
  line: Line,
  options: Pick<TransferOptions, "onEvent" | "signal"> = {},
): Promise<RangesResult> {
  const state = new TransferState({ ...request, identity: {} }, line, options);
  const gap = { etag: request.etag, position: 0 };
  let retries = 0;
  for (const { start, end } of request.ranges) {
    gap.position = start;
    const fetched = await retryTransfer(state, () => fetchGap(state, request, { gap, end }));
    retries += fetched.retries;
  }
  return { fetchedBytes: state.fetchedBytes, retries };
}

/** What is still missing. Attempts advance `position`, and the first response sets `etag` if it is not known. */
interface Gap {
  etag: string | null;
  position: number;
}

async function fetchGap(
  state: TransferState,
  { file, totalBytes }: RangesRequest,
  { gap, end }: { readonly gap: Gap; readonly end: number },
): Promise<void> {
  const { signal = new AbortController().signal } = state;
  const range = await openRange(state, { start: gap.position, end, etag: gap.etag, totalBytes, signal });
  await using _open = range;
  requireAppend(state, range);
  const { limiter } = range;
  const etag = range.body.headers.get("etag");
  if (etag !== null && !etag.startsWith("W/")) gap.etag ??= etag;
  await file.seek(gap.position, Deno.SeekMode.Start);
  range.watch.startStallWindow();
  try {
    await writePart(range.body, file, {
      position: gap.position,
      end: () => end,
      bufferBytes: Math.min(BUFFER_BYTES, end - gap.position),
      gulpBytes: () => limiter?.chunkBytes ?? Infinity,
      onGathered(count, waitedMs) {
        range.watch.recordBytes(count);
        if (count > 0) range.recordFlow();
        state.onBytes(count, waitedMs);
        const paid = limiter?.take(count, { signal });
        return paid === undefined ? undefined : range.watch.suspendDuring(paid);
      },
      onWritten: (_, position) => gap.position = position,
    });
    if (gap.position < end) {
      throw new FailureError(
        "connection",
        `Cannot fetch "${state.name}": the body ended at byte ${gap.position} of ${end}`,
      );
    }
  } catch (error) {
    // Some transports do not throw the reason for the abort; the watch's signal contains it.
    const cause: unknown = range.watch.signal.aborted ? range.watch.signal.reason : error;
    range.recordFailure(cause);
    throw cause;
  }
}

/** Accept only the exact range that was requested, from the object that the file was made from. */
function requireAppend(state: TransferState, { action, host, generation, body }: OpenRange): void {
  if (action.type === "append") return;
  if (action.type === "fail") {
    if (action.error.failure === "expired") state.expire(generation);
    throw action.error;
  }
  const reason = action.type === "restart" ? action.reason : `it answered ${body.status}, not with the range`;
  throw new FailureError("changed", `Cannot fetch a part from "${host}": ${reason}`, { retryable: false });
}
