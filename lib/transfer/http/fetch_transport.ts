import type { Transport, TransportResponse } from "./transport.ts";

/** A {@linkcode Transport} over `fetch` with a pool of HTTP/1.1 connections: HTTP/2 framing is slow for bulk data. */
export interface FetchTransport extends Disposable {
  /** Sends one GET; does not follow redirects. */
  readonly send: Transport;
}

/** Options of {@linkcode createFetchTransport}. */
export interface FetchTransportOptions {
  /**
   * Replacement for `fetch`, a seam for tests.
   *
   * @default {globalThis.fetch}
   */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/**
 * Create a transport over `fetch`. Dispose it to close its pool.
 *
 * @param options The seam for tests
 * @returns The transport
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createFetchTransport } from "@civitai-dl/civitai-dl/transfer";
 *
 * await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => new Response("hello"));
 * using transport = createFetchTransport();
 * const request = { headers: {}, signal: new AbortController().signal };
 * await using response = await transport.send(`http://127.0.0.1:${server.addr.port}/a`, request);
 * const target = new Uint8Array(1024);
 * const count = await response.read(target);
 * assertEquals(new TextDecoder().decode(target.subarray(0, count ?? 0)), "hello");
 * ```
 */
export function createFetchTransport(options: FetchTransportOptions = {}): FetchTransport {
  const { fetch = globalThis.fetch } = options;
  const client = Deno.createHttpClient({ http1: true, http2: false });
  return {
    async send(url, { headers, signal }) {
      const request: RequestInit & { readonly client: Deno.HttpClient } = {
        headers,
        signal,
        redirect: "manual",
        client,
      };
      return toTransportResponse(await fetch(url, request), signal);
    },
    [Symbol.dispose]: () => client.close(),
  };
}

/** Size of one read; larger reads are no faster. */
const SCRATCH_BYTES = 256 * 1024;

/**
 * Read the body into a buffer of our own, and copy the bytes from it to the caller's. Even with the copy, this is twice
 * as fast as taking the chunks that `fetch` allocates. The caller's buffer cannot be given to the reader: a failed read
 * detaches the buffer, and the bytes that the caller has collected in it would be lost.
 *
 * An abort rejects the pending read here, too. `fetch` cannot be relied on for it: it ends the body of an aborted
 * request only as long as the response was not garbage-collected, and nothing refers to the response while its body is
 * read.
 */
function toTransportResponse(response: Response, signal: AbortSignal): TransportResponse {
  const reader = response.body?.getReader({ mode: "byob" });
  // A length that is not a number is handled when the response is judged; here it only sizes the buffer.
  const length = Number(response.headers.get("content-length")) || SCRATCH_BYTES;
  // Each read takes this buffer, and gives it back with the bytes that it read.
  let scratch = new ArrayBuffer(Math.min(SCRATCH_BYTES, length));
  let unread = new Uint8Array(0);
  let rejectRead: ((reason: unknown) => void) | undefined;
  const onAbort = (): void => rejectRead?.(signal.reason);
  signal.addEventListener("abort", onAbort);
  const readChunk = (body: ReadableStreamBYOBReader): Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>> =>
    new Promise((resolve, reject) => {
      rejectRead = reject;
      body.read(new Uint8Array(scratch)).then(resolve, reject);
    });
  return {
    status: response.status,
    headers: response.headers,
    async read(target) {
      if (unread.length === 0) {
        signal.throwIfAborted();
        if (reader === undefined) return null;
        const chunk = await readChunk(reader);
        if (chunk.done) return null;
        unread = chunk.value;
        scratch = chunk.value.buffer;
      }
      const count = Math.min(unread.length, target.length);
      target.set(unread.subarray(0, count));
      unread = unread.subarray(count);
      return count;
    },
    async [Symbol.asyncDispose]() {
      signal.removeEventListener("abort", onAbort);
      // The body may already have failed; canceling only serves to free the connection.
      await reader?.cancel().catch(() => {});
    },
  };
}
