import type { Clock, Redactor } from "../../base/mod.ts";
import type { StatusDocument } from "../../status/mod.ts";

/** The health of the monitor, as reported by `/healthz`. */
export interface MonitorHealth {
  /** Whether the monitor works; `false` is answered with 503. */
  readonly isHealthy: boolean;
  /** What is wrong, one sentence; `null` if nothing is. */
  readonly reason: string | null;
}

/** Options of {@linkcode serveStatus}. */
export interface StatusServerOptions {
  /** Address to listen on, such as `127.0.0.1:9847`; port 0 selects a free port. */
  readonly listen: string;
  /** Access token of at least 16 characters; required for an address that other machines can reach. */
  readonly token?: string | undefined;
  /** Returns the current state; called for each response, so it should be fast. */
  readonly status: () => StatusDocument;
  /** Returns the current metrics as Prometheus text. */
  readonly metricsText: () => string;
  /** Returns the health of the monitor. */
  readonly health: () => MonitorHealth;
  /**
   * Removes secrets from all text that is served.
   *
   * @default {a redactor that does not know the secrets of this run}
   */
  readonly redact?: Redactor | undefined;
  /**
   * Additional host names of the server: `nas.local` is accepted at the server's own port and, behind a TLS proxy, at
   * 443; `monitor.example:8443` at that port only.
   */
  readonly hosts?: readonly string[] | undefined;
  /**
   * Maximum number of clients that follow the events at once.
   *
   * @default {32}
   */
  readonly maxClients?: number | undefined;
  /**
   * Interval of keep-alive events, in milliseconds.
   *
   * @default {15_000}
   */
  readonly beatMs?: number | undefined;
  /**
   * The clock; tests replace it.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** A running server of the monitor's state. */
export interface StatusServer extends AsyncDisposable {
  /** Where it listens: a host name or an IP address. */
  readonly hostname: string;
  /** The port that it listens on. */
  readonly port: number;
  /** URL of its live page, such as `http://127.0.0.1:9847/`; without the token. */
  readonly url: string;
  /** Number of clients that follow the events. */
  readonly clients: number;
  /**
   * Send the state to all clients that follow the events, after a change or at each tick. Rethrows errors of `status`.
   */
  publish(): void;
  /** Stop listening and end all connections. May be called more than once. */
  close(): Promise<void>;
}
