import { createHash } from "node:crypto";
import type { Clock } from "../../base/mod.ts";
import { FailureError } from "../../failsafe/mod.ts";
import { inspectPictureBytes } from "../../library/mod.ts";
import {
  type ConnectionPermit,
  type ConnectionPermits,
  judgeResponse,
  StallWatch,
  type Transport,
  type TransportResponse,
} from "../../transfer/mod.ts";
import type { Picture } from "./preview_cache.ts";

/** Time limits of a request for a picture, in milliseconds: whoever looks at the page does not wait for minutes. */
export interface PictureTimeouts {
  readonly connectTimeoutMs: number;
  readonly tlsTimeoutMs: number;
  readonly headerTimeoutMs: number;
  readonly stallMs: number;
  /** Bytes that must arrive within `stallMs`. */
  readonly stallBytes: number;
  /** From the request to the last byte. */
  readonly totalMs: number;
}

/** Options of {@linkcode fetchPicture}. */
export interface FetchPictureOptions {
  /** Sends the request; follows redirects, and checks the address of each. */
  readonly send: Transport;
  readonly permits: ConnectionPermits;
  readonly timeouts: PictureTimeouts;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Called when the request begins, after the wait for a permit. */
  readonly onBegin: () => void;
}

/** Size of the first buffer for a body of unknown size, in bytes. */
const FIRST_BYTES = 64 * 1024;

/**
 * Fetch a picture into memory, once, without any key. What is no complete picture by its bytes is refused, whatever the
 * server calls it.
 *
 * @throws {FailureError} `unusable` for what is no picture, `too-large`, or why there is none
 */
export async function fetchPicture(url: string, options: FetchPictureOptions): Promise<Picture> {
  const { permits, timeouts, signal, clock } = options;
  const { host } = new URL(url);
  using permit = await permits.acquire(host, { signal });
  options.onBegin();
  const ended = new AbortController();
  const late = new AbortController();
  const timer = clock.sleep(timeouts.totalMs, { signal: ended.signal }).then(() => {
    const state = `not complete within ${timeouts.totalMs / 1000} s`;
    late.abort(new FailureError("timeout", `Cannot fetch a picture from "${host}": ${state}`));
  }, () => {});
  const either = AbortSignal.any([signal, late.signal]);
  using watch = new StallWatch({ ...timeouts, signal: either, host });
  try {
    return await exchange(url, { ...options, host, watch, permit });
  } catch (error) {
    const cause: unknown = watch.signal.aborted ? watch.signal.reason : error;
    if (!signal.aborted) permit.recordFailure(cause);
    throw cause;
  } finally {
    ended.abort();
    await timer;
  }
}

interface ExchangeOptions extends FetchPictureOptions {
  readonly host: string;
  readonly watch: StallWatch;
  readonly permit: ConnectionPermit;
}

async function exchange(url: string, options: ExchangeOptions): Promise<Picture> {
  const { send, host, watch, permit, timeouts, clock } = options;
  const sentAt = clock.monotonic();
  await using response = await send(url, {
    headers: { "accept": "image/*", "accept-encoding": "identity" },
    signal: watch.signal,
    connectTimeoutMs: timeouts.connectTimeoutMs,
    tlsTimeoutMs: timeouts.tlsTimeoutMs,
  });
  watch.stopHeaderTimeout();
  const { status, headers } = response;
  const action = judgeResponse(status, headers, { offset: 0, totalBytes: null, etag: null, host, nowMs: clock.now() });
  if (action.type === "fail") throw action.error;
  if (action.type !== "rewrite") {
    throw new FailureError("server", `Cannot fetch a picture from "${host}": it answered what was not requested`);
  }
  permit.recordResponse(clock.monotonic() - sentAt);
  const bytes = await readBody(response, { ...options, totalBytes: action.totalBytes });
  const found = await inspectPictureBytes(bytes);
  if (found.problem !== null) {
    throw new FailureError("unusable", `Cannot use a picture from "${host}": ${found.problem}`, { retryable: false });
  }
  return { bytes, format: found.format, sha256: createHash("sha256").update(bytes).digest("hex") };
}

async function readBody(
  response: TransportResponse,
  { totalBytes, maxBytes, host, watch }: ExchangeOptions & { readonly totalBytes: number | null },
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = (): FailureError =>
    new FailureError("too-large", `Cannot fetch a picture from "${host}": it is larger than ${maxBytes} bytes`);
  if ((totalBytes ?? 0) > maxBytes) throw tooLarge();
  // Room for one byte more than expected, so that the read at the end has a place.
  let target = new Uint8Array(totalBytes === null ? FIRST_BYTES : totalBytes + 1);
  let filled = 0;
  watch.startStallWindow();
  for (;;) {
    if (filled === target.length) target = enlarged(target, maxBytes + 1);
    const count = await response.read(target.subarray(filled));
    if (count === null) break;
    filled += count;
    watch.recordBytes(count);
    if (filled > maxBytes) throw tooLarge();
  }
  if (totalBytes !== null && filled !== totalBytes) {
    throw new FailureError(
      "connection",
      `Cannot fetch a picture from "${host}": ${filled} of ${totalBytes} bytes came`,
    );
  }
  return target.subarray(0, filled);
}

function enlarged(bytes: Uint8Array<ArrayBuffer>, maxBytes: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(maxBytes, Math.max(FIRST_BYTES, bytes.length * 2)));
  larger.set(bytes);
  return larger;
}
