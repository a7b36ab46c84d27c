import type { Clock, Redactor } from "../../base/mod.ts";
import type { Route } from "./route.ts";

/** Where a server listens, and who may talk to it. */
export interface ServerAddress {
  /** Address to listen on, such as `127.0.0.1:9847`; port 0 selects a free port. */
  readonly listen: string;
  /** Access token of at least 16 characters; required for an address that other machines can reach. */
  readonly token?: string | undefined;
  /**
   * Additional host names of the server: `nas.local` is accepted at the server's own port and, behind a TLS proxy, at
   * 443; `monitor.example:8443` at that port only.
   */
  readonly hosts?: readonly string[] | undefined;
  /**
   * Whether requests that change something are refused.
   *
   * @default {false}
   */
  readonly isReadOnly?: boolean | undefined;
}

/** A request that was answered. */
export interface AnsweredRequest {
  /** Path of its route, with placeholders; `none` if it has none, or was refused before. */
  readonly route: string;
  readonly status: number;
  /** Time from the request to the end of the answer, or to the begin of a stream of events. */
  readonly durationMs: number;
}

/** Options of {@linkcode serveRoutes}. */
export interface ServeRoutesOptions extends ServerAddress {
  /** What the server answers. */
  readonly routes: readonly Route[];
  /**
   * Removes secrets from all JSON that is served.
   *
   * @default {a redactor that does not know the secrets of this run}
   */
  readonly redact?: Redactor | undefined;
  /** Called with an error that nobody expected; the client is not told more than that there was one. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Called after each answer. */
  readonly onAnswer?: ((answered: AnsweredRequest) => void) | undefined;
  /**
   * Time for the body of a request, in milliseconds.
   *
   * @default {20_000}
   */
  readonly bodyTimeoutMs?: number | undefined;
  /**
   * The clock; tests replace it.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** A running server. */
export interface RouteServer extends AsyncDisposable {
  /** Where it listens: a host name or an IP address. */
  readonly hostname: string;
  /** The port that it listens on. */
  readonly port: number;
  /** URL of its page, such as `http://127.0.0.1:9847/`; without the token. */
  readonly url: string;
  /** Stop listening and end all connections. May be called more than once. */
  close(): Promise<void>;
}
