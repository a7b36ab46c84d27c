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
      return wrap(await fetch(url, { headers, signal, redirect: "manual", client }), signal);
    },
    [Symbol.dispose]: () => client.close(),
  };
}

/** Size of one read; larger reads are no faster. */
const SCRATCH_BYTES = 256 * 1024;

/**
 * Read the body into our own buffer, and copy the bytes out of it. Even with the copy, this is twice as fast as taking
 * the chunks that `fetch` allocates. The copy is needed because a failed read detaches its buffer, and everything
 * gathered there would be lost.
 *
 * An abort rejects a pending read here because it may never reach the body: `fetch` drops a response that was
 * garbage-collected, and nothing references the response while its body is read.
 */
function wrap(response: Response, signal: AbortSignal): TransportResponse {
  const reader = response.body?.getReader({ mode: "byob" });
  // A length that is not a number is handled when the response is judged; here it only sizes the buffer.
  const length = Number(response.headers.get("content-length")) || SCRATCH_BYTES;
  let scratch = new ArrayBuffer(Math.min(SCRATCH_BYTES, length));
  let rest = new Uint8Array(0);
  let giveUp: ((reason: unknown) => void) | undefined;
  const onAbort = (): void => giveUp?.(signal.reason);
  signal.addEventListener("abort", onAbort);
  const next = (reader: ReadableStreamBYOBReader): Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>> =>
    new Promise((resolve, reject) => {
      giveUp = reject;
      reader.read(new Uint8Array(scratch)).then(resolve, reject);
    });
  return {
    status: response.status,
    headers: response.headers,
    async read(target) {
      if (rest.length === 0) {
        signal.throwIfAborted();
        const chunk = reader === undefined ? undefined : await next(reader);
        if (chunk === undefined || chunk.done) return null;
        rest = chunk.value;
        scratch = chunk.value.buffer;
      }
      const count = Math.min(rest.length, target.length);
      target.set(rest.subarray(0, count));
      rest = rest.subarray(count);
      return count;
    },
    async [Symbol.asyncDispose]() {
      signal.removeEventListener("abort", onAbort);
      // The body may already have failed; canceling only serves to free the connection.
      await reader?.cancel().catch(() => {});
    },
  };
}
