import { FailureError } from "../../failsafe/mod.ts";
import { connectTcp } from "./_connect_tcp.ts";
import { ConnectionPool } from "./_connection_pool.ts";
import { HttpConnection } from "./_http_connection.ts";
import { openSocket } from "./_open_socket.ts";
import { requestHead } from "./_request_head.ts";
import type { CheckPeer, ConnectSocket, StartTls } from "./socket_seams.ts";
import { withUserAgent } from "./_with_user_agent.ts";
import type { Transport, TransportOptions } from "./transport.ts";

/** A {@linkcode Transport} with its own pool of connections. */
export interface SocketTransport extends Disposable {
  /** Sends one GET; reuses an idle connection if there is one. */
  readonly send: Transport;
  /** Opens a connection, including TLS, for the next request to the origin; does nothing if an idle one exists. */
  readonly warm: (url: string, options?: WarmOptions) => Promise<void>;
  /** Number of open connections, active or idle. */
  readonly openConnections: number;
}

/** Options of {@linkcode SocketTransport.warm}; see {@linkcode TransportOptions}. */
export type WarmOptions = Partial<Omit<TransportOptions, "headers">>;

/** Options of {@linkcode createSocketTransport}. */
export interface SocketTransportOptions {
  /** Sent as `user-agent` unless the request contains one. If absent, none is sent. */
  readonly userAgent?: string | undefined;
  /**
   * Maximum number of idle connections per origin.
   *
   * @default {8}
   */
  readonly maxIdlePerOrigin?: number | undefined;
  /**
   * Milliseconds that a connection may stay idle; a `Keep-Alive` header of the server may shorten this time.
   *
   * @default {30_000}
   */
  readonly idleMs?: number | undefined;
  /** Certificates to trust in addition to the default ones, in PEM format. */
  readonly caCerts?: readonly string[] | undefined;
  /**
   * Checks the address of each new connection. Not called where a proxy is used, because only the proxy knows the
   * address. If absent, any address is accepted.
   *
   * @default {undefined}
   */
  readonly checkPeer?: CheckPeer | undefined;
  /**
   * Opens TCP connections, a seam for tests.
   *
   * @default {Deno.connect}
   */
  readonly connect?: ConnectSocket | undefined;
  /**
   * Starts TLS on a TCP connection, a seam for tests.
   *
   * @default {Deno.startTls}
   */
  readonly startTls?: StartTls | undefined;
}

/**
 * Create a transport on bare sockets: HTTP/1.1, GET only. Bodies are read directly into the caller's memory, which
 * takes about 60% of the CPU time of `fetch`. The transport does not support proxies, decode content codings or follow
 * redirects. Dispose it to close its connections.
 *
 * @param options Pool limits, certificates and seams for tests
 * @returns The transport; it throws a `FailureError`, the signal's reason, or a `TypeError` for an invalid request
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createSocketTransport } from "@civitai-dl/civitai-dl/transfer";
 *
 * await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => new Response("hello"));
 * const url = `http://127.0.0.1:${server.addr.port}/a`;
 * using transport = createSocketTransport({ userAgent: "example/1.0", idleMs: 10_000 });
 * await transport.warm(url);
 * await using response = await transport.send(url, { headers: {}, signal: new AbortController().signal });
 * assertEquals([response.status, transport.openConnections], [200, 1]);
 * ```
 */
export function createSocketTransport(options: SocketTransportOptions = {}): SocketTransport {
  const { maxIdlePerOrigin = 8, idleMs = 30_000, caCerts = [], userAgent, checkPeer } = options;
  const { connect = connectTcp, startTls = (socket, to) => Deno.startTls(socket as Deno.TcpConn, to) } = options;
  const pool = new ConnectionPool({ maxIdlePerOrigin, idleMs });
  const end = new AbortController();

  const open = async (url: URL, request: WarmOptions): Promise<HttpConnection> => {
    const { signal, connectTimeoutMs, tlsTimeoutMs, onWait, onStep } = request;
    const either = signal === undefined ? end.signal : AbortSignal.any([signal, end.signal]);
    const limits = { connectTimeoutMs, tlsTimeoutMs, onWait, onStep };
    const socket = await openSocket(url, { connect, startTls, checkPeer, caCerts, signal: either, ...limits });
    const connection = new HttpConnection(socket, {
      host: url.host,
      onFree: (restMs) => pool.put(url.origin, connection, restMs),
      onClosed: () => pool.remove(url.origin, connection),
    });
    pool.add(connection);
    return connection;
  };

  return {
    async send(address, request) {
      const url = parseUrl(address);
      const { signal } = request;
      const head = requestHead(url, withUserAgent(request.headers, userAgent));
      signal.throwIfAborted();
      const idle = pool.take(url.origin);
      if (idle !== undefined) {
        request.onStep?.("headers", idle.ageMs);
        try {
          return await idle.exchange(head, signal);
        } catch (error) {
          // The server closed the idle connection before it responded: the request was not read and may be sent again.
          if (idle.hasAnswered || signal.aborted) throw error;
        }
      }
      const connection = await open(url, request);
      request.onStep?.("headers", 0);
      return await connection.exchange(head, signal);
    },
    async warm(address, request = {}) {
      const url = parseUrl(address);
      if (pool.hasResting(url.origin)) return;
      pool.put(url.origin, await open(url, request), Infinity);
    },
    get openConnections() {
      return pool.size;
    },
    [Symbol.dispose]() {
      end.abort(new FailureError("cancelled", "Cannot fetch: the transport was closed"));
      pool[Symbol.dispose]();
    },
  };
}

/** Parse a URL that the transport can request. The error message contains no URL, because it may be signed. */
function parseUrl(address: string): URL {
  const url = URL.parse(address);
  if (url === null) throw new TypeError("Cannot fetch: the URL is not valid");
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new TypeError(`Cannot fetch "${url.protocol}": only http and https are supported`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new TypeError(`Cannot fetch from "${url.host}": the URL contains a login`);
  }
  return url;
}
