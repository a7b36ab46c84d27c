import { FailureError } from "../../failsafe/mod.ts";
import { connectTcp } from "./_connect_tcp.ts";
import { ConnectionPool } from "./_connection_pool.ts";
import { HttpConnection } from "./_http_connection.ts";
import { openSocket } from "./_open_socket.ts";
import { requestHead } from "./_request_head.ts";
import type { CheckPeer, ConnectSocket, StartTls } from "./socket_seams.ts";
import { withUserAgent } from "./_with_user_agent.ts";
import type { Transport, TransportOptions } from "./transport.ts";

/** A {@linkcode Transport} with connections of its own. */
export interface SocketTransport extends Disposable {
  /** Sends requests. */
  readonly send: Transport;
  /** Connect to where a URL points, TLS included, so that the next request there need not; nothing if one rests there. */
  readonly warm: (url: string, options?: WarmOptions) => Promise<void>;
  /** Connections that are open, at work or at rest. */
  readonly openConnections: number;
}

/** Options of {@linkcode SocketTransport.warm}; see {@linkcode TransportOptions}. */
export type WarmOptions = Partial<Omit<TransportOptions, "headers">>;

/** Options of {@linkcode createSocketTransport}. */
export interface SocketTransportOptions {
  /** Sent as `user-agent` unless the request has one; absent sends none. */
  readonly userAgent?: string | undefined;
  /**
   * Resting connections of one origin at most.
   *
   * @default {8}
   */
  readonly maxIdlePerOrigin?: number | undefined;
  /**
   * How long a connection may rest; what the server says in `Keep-Alive` makes it shorter.
   *
   * @default {30_000}
   */
  readonly idleMs?: number | undefined;
  /** Certificates to trust beside the usual ones, PEM. */
  readonly caCerts?: readonly string[] | undefined;
  /**
   * Looks at each new connection. Not asked where a proxy stands between: then the proxy alone knows the address.
   *
   * @default {none: any address is fine}
   */
  readonly checkPeer?: CheckPeer | undefined;
  /**
   * Makes TCP connections.
   *
   * @default {Deno.connect}
   */
  readonly connect?: ConnectSocket | undefined;
  /**
   * Puts TLS on them.
   *
   * @default {Deno.startTls}
   */
  readonly startTls?: StartTls | undefined;
}

/**
 * Make a transport on bare sockets: HTTP/1.1, GET only, bodies read straight into the caller's memory, for about six
 * tenths of the CPU time of `fetch`. Knows no proxy, decodes nothing, follows nothing. Dispose it to close its
 * connections.
 *
 * @param options Pool, certificates, seams
 * @returns The transport; its errors are `FailureError` or the signal's reason
 */
export function createSocketTransport(options: SocketTransportOptions = {}): SocketTransport {
  const { maxIdlePerOrigin = 8, idleMs = 30_000, caCerts = [], userAgent, checkPeer } = options;
  const { connect = connectTcp, startTls = (socket, to) => Deno.startTls(socket as Deno.TcpConn, to) } = options;
  const pool = new ConnectionPool({ maxIdlePerOrigin, idleMs });
  const end = new AbortController();

  const open = async (url: URL, { signal, connectTimeoutMs, tlsTimeoutMs }: WarmOptions): Promise<HttpConnection> => {
    const either = signal === undefined ? end.signal : AbortSignal.any([signal, end.signal]);
    const limits = { connectTimeoutMs, tlsTimeoutMs };
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
      const rested = pool.take(url.origin);
      if (rested !== undefined) {
        try {
          return await rested.exchange(head, signal);
        } catch (error) {
          // The server hung up while the request was under way: it was not read, so it may be sent again.
          if (rested.hasAnswered || signal.aborted) throw error;
        }
      }
      return await (await open(url, request)).exchange(head, signal);
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

/** The message holds no URL: it may be signed. */
function parseUrl(address: string): URL {
  const url = URL.parse(address);
  if (url === null) throw new TypeError("Cannot fetch: the URL is not valid");
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new TypeError(`Cannot fetch "${url.protocol}": only http and https are spoken`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new TypeError(`Cannot fetch from "${url.host}": it holds a login`);
  }
  return url;
}
