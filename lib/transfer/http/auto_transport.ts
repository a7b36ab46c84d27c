import { type Env, mayUseProxy, rememberEnv, systemEnv } from "../../base/mod.ts";
import { createFetchTransport, type FetchTransport, type FetchTransportOptions } from "./fetch_transport.ts";
import { withUserAgent } from "./_with_user_agent.ts";
import { createSocketTransport, type SocketTransport, type SocketTransportOptions } from "./socket_transport.ts";

/** Options of {@linkcode createTransport}. */
export interface AutoTransportOptions extends SocketTransportOptions, FetchTransportOptions {
  /**
   * The environment, whose variables configure the proxies.
   *
   * @default {systemEnv}
   */
  readonly env?: Env | undefined;
}

/**
 * Create a transport that uses bare sockets or `fetch`, depending on the URL. It uses `fetch` if a proxy applies, or if
 * the URL contains a login or is not HTTP. `warm` does nothing for URLs that use `fetch`. Dispose it to close its
 * connections.
 *
 * @param options The environment and the options of both transports
 * @returns The transport
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createTransport } from "@civitai-dl/civitai-dl/transfer";
 *
 * await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => new Response("hello"));
 * using transport = createTransport({ userAgent: "example/1.0" });
 * const request = { headers: {}, signal: new AbortController().signal };
 * await using response = await transport.send(`http://127.0.0.1:${server.addr.port}/a`, request);
 * const target = new Uint8Array(1024);
 * const count = await response.read(target);
 * assertEquals(new TextDecoder().decode(target.subarray(0, count ?? 0)), "hello");
 * ```
 */
export function createTransport(options: AutoTransportOptions = {}): SocketTransport {
  const { userAgent } = options;
  const env = rememberEnv(options.env ?? systemEnv);
  const owned = new DisposableStack();
  const sockets = owned.use(createSocketTransport(options));
  let fetching: FetchTransport | undefined;
  return {
    send(address, request) {
      if (suitsSockets(address, env)) return sockets.send(address, request);
      fetching ??= owned.use(createFetchTransport(options));
      return fetching.send(address, { ...request, headers: withUserAgent(request.headers, userAgent) });
    },
    async warm(address, request) {
      if (suitsSockets(address, env)) await sockets.warm(address, request);
    },
    get openConnections() {
      return sockets.openConnections;
    },
    [Symbol.dispose]: () => owned[Symbol.dispose](),
  };
}

function suitsSockets(address: string, env: Env): boolean {
  const url = URL.parse(address);
  const isHttp = url?.protocol === "http:" || url?.protocol === "https:";
  return url !== null && isHttp && url.username === "" && url.password === "" && !mayUseProxy(url, env);
}
