import type { Clock, Redactor } from "../../base/mod.ts";
import type { StatusDocument } from "../status/status_document.ts";

/** Whether the monitor does its work: the answer of `/healthz`. */
export interface MonitorHealth {
  /** Whether it does. */
  readonly isHealthy: boolean;
  /** What is wrong, one sentence; `null` if nothing is. */
  readonly reason: string | null;
}

/** Options of {@linkcode serveStatus}. */
export interface StatusServerOptions {
  /** Where: `127.0.0.1:9847`; port 0 takes a free one. */
  readonly listen: string;
  /** Who knows it may read; needed for an address that others can reach, at least 16 characters. */
  readonly token?: string | undefined;
  /** The state now; called for each answer, so it should be at hand. */
  readonly status: () => StatusDocument;
  /** The metrics now, as Prometheus text. */
  readonly metricsText: () => string;
  /** Whether the monitor does its work. */
  readonly healthy: () => MonitorHealth;
  /**
   * Removes secrets from all that is told.
   *
   * @default {a redactor that knows no secret of this run}
   */
  readonly redact?: Redactor | undefined;
  /** Stops the server. */
  readonly signal?: AbortSignal | undefined;
  /**
   * More names that the server is called by: `nas.local` at its own port and behind a proxy with TLS at 443,
   * `monitor.example:8443` at that port only.
   */
  readonly hosts?: readonly string[] | undefined;
  /**
   * How many may follow the events at once.
   *
   * @default {32}
   */
  readonly maxClients?: number | undefined;
  /**
   * How often those who follow hear that the line is alive.
   *
   * @default {15_000}
   */
  readonly beatMs?: number | undefined;
  /**
   * What time it is.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** A running server of the monitor's state. */
export interface StatusServer extends AsyncDisposable {
  /** Where it listens: a host name or an IP address. */
  readonly hostname: string;
  /** Its port. */
  readonly port: number;
  /** Its live page, such as `http://127.0.0.1:9847/`; without the token. */
  readonly url: string;
  /** How many follow the events. */
  readonly clients: number;
  /** Send the state to all who follow, after a change or at each tick. Throws what `status` throws. */
  publish(): void;
  /** Stop listening and end all connections. May be called more than once. */
  close(): Promise<void>;
}
