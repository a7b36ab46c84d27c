import type { RouteAnswer, RouteInput } from "../http/route.ts";
import { type ByteRange, parseByteRange } from "./_byte_range.ts";
import { allowsRange, namesTag } from "./_entity_tag.ts";
import { assertUnchanged, type ItemFile, openItemFile } from "./item_file.ts";
import type { StreamSlots } from "./stream_slots.ts";

/** Size of a read, in bytes: as large as pays, small enough for sixteen of them at once. */
const CHUNK_BYTES = 512 * 1024;

/** How a file is answered. */
export interface AnswerFileOptions extends Pick<RouteInput<unknown, unknown>, "header" | "signal"> {
  /** A strong ETag, with its quotes: equal bytes, equal ETag. */
  readonly etag: string;
  /** `content-type`, `cache-control`, and what else belongs to the file. */
  readonly headers: Readonly<Record<string, string>>;
  readonly slots: StreamSlots;
}

/**
 * Answer a request for a file: with all of it (200), a range (206), or what the client knows already (304), by the
 * conditions of the request (RFC 9110, sections 13 and 14). A file that is changed while it is sent breaks the
 * connection before its last bytes.
 *
 * @throws {RouteError} 503 if too many files are being sent
 */
export function answerFile(file: ItemFile, options: AnswerFileOptions): RouteAnswer {
  const { header, signal, etag, slots } = options;
  const headers = { ...options.headers, etag, "accept-ranges": "bytes" };
  const { sizeBytes } = file;
  if (namesTag(header("if-none-match"), etag)) return { status: 304, headers, body: null };
  const range = parseByteRange(allowsRange(header("if-range"), etag) ? header("range") : null, sizeBytes);
  if (range.type === "unsatisfiable") {
    return { status: 416, headers: { ...headers, "content-range": `bytes */${sizeBytes}` }, body: null };
  }
  const { start, end } = extentOf(range, sizeBytes);
  return {
    status: range.type === "part" ? 206 : 200,
    headers: {
      ...headers,
      "content-length": String(end - start),
      ...range.type === "part" ? { "content-range": `bytes ${start}-${end - 1}/${sizeBytes}` } : {},
    },
    body: start === end ? new Uint8Array(0) : streamFile(file, { start, end, signal, onEnd: slots.take() }),
  };
}

function extentOf(range: Exclude<ByteRange, { type: "unsatisfiable" }>, sizeBytes: number) {
  return range.type === "part" ? range : { start: 0, end: sizeBytes };
}

interface StreamFileOptions {
  readonly start: number;
  readonly end: number;
  /** Ends the stream, also one that nobody reads. */
  readonly signal: AbortSignal;
  /** Called when the stream has ended, however it ended; maybe more than once. */
  readonly onEnd: () => void;
}

/** Stream a part of a file. It is opened at the first read, and read no faster than the client takes it. */
function streamFile(
  place: ItemFile,
  { start, end, signal, onEnd }: StreamFileOptions,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let file: Deno.FsFile | null = null;
  let position = start;
  let isReading = false;
  let hasEnded = signal.aborted;
  const close = (): void => {
    hasEnded = true;
    signal.removeEventListener("abort", close);
    onEnd();
    // A read that is under way closes the file when it returns.
    if (isReading) return;
    file?.close();
    file = null;
  };
  if (hasEnded) close();
  else signal.addEventListener("abort", close);
  const next = async (): Promise<Uint8Array<ArrayBuffer>> => {
    isReading = true;
    try {
      if (file === null) {
        file = await openItemFile(place);
        await file.seek(start, Deno.SeekMode.Start);
      }
      const chunk = await readWhole(file, Math.min(CHUNK_BYTES, end - position));
      if (position + chunk.length === end) assertUnchanged(file, place);
      return chunk;
    } finally {
      isReading = false;
    }
  };
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        signal.throwIfAborted();
        const chunk = await next();
        if (hasEnded) throw signal.reason ?? new DOMException("The stream was cancelled", "AbortError");
        position += chunk.length;
        controller.enqueue(chunk);
        if (position < end) return;
        controller.close();
        close();
      } catch (error) {
        close();
        throw error;
      }
    },
    cancel: close,
  }, { highWaterMark: 0 });
}

/** Read exactly this many bytes. */
async function readWhole(file: Deno.FsFile, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunk = new Uint8Array(length);
  for (let filled = 0; filled < length;) {
    const count = await file.read(chunk.subarray(filled));
    if (count === null) throw new Error("Cannot read a file: it is shorter than before");
    filled += count;
  }
  return chunk;
}
