import type { Transport, TransportResponse } from "./transport.ts";

/** A {@linkcode Transport} over `fetch`, with a pool of HTTP/1.1 connections: HTTP/2 frames are slow in bulk. */
export interface FetchTransport extends Disposable {
  /** Sends requests. */
  readonly send: Transport;
}

/** Make a transport over `fetch`. Dispose it to close its pool. */
export function createFetchTransport(): FetchTransport {
  const client = Deno.createHttpClient({ http1: true, http2: false });
  return {
    async send(url, { headers, signal }) {
      return wrap(await fetch(url, { headers, signal, redirect: "manual", client }));
    },
    [Symbol.dispose]: () => client.close(),
  };
}

function wrap(response: Response): TransportResponse {
  const reader = response.body?.getReader();
  let rest = new Uint8Array(0);
  return {
    status: response.status,
    headers: response.headers,
    async read(target) {
      while (rest.length === 0) {
        const chunk = await reader?.read();
        if (chunk === undefined || chunk.done) return null;
        rest = chunk.value;
      }
      const count = Math.min(rest.length, target.length);
      target.set(rest.subarray(0, count));
      rest = rest.subarray(count);
      return count;
    },
    async [Symbol.asyncDispose]() {
      // The body may have failed already; cancelling is only to free the connection.
      await reader?.cancel().catch(() => {});
    },
  };
}
