import type { StepWait, WaitStep } from "../../failsafe/mod.ts";

/** A response whose body is read into the caller's own buffers. */
export interface TransportResponse extends AsyncDisposable {
  /** HTTP status. */
  readonly status: number;
  /** Response headers. */
  readonly headers: Headers;
  /**
   * Fill `target` from its start with what has arrived.
   *
   * @returns Bytes read, or `null` at the end of the body
   */
  read(target: Uint8Array): Promise<number | null>;
}

/** Options of {@linkcode Transport}. */
export interface TransportOptions {
  /** Request headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Aborts the request, or the body that is being read. */
  readonly signal: AbortSignal;
  /**
   * Time limit for the TCP connection, including the DNS lookup; unlimited if absent. Only the socket transport applies
   * it.
   */
  readonly connectTimeoutMs?: number | undefined;
  /** Time limit for the TLS handshake; unlimited if absent. Only the socket transport applies it. */
  readonly tlsTimeoutMs?: number | undefined;
  /** Called when a new connection or its TLS handshake is ready, or timed out. Only the socket transport calls it. */
  readonly onWait?: ((wait: StepWait) => void) | undefined;
  /**
   * Called when the request enters a step. From `headers` on, the age of its connection is known: 0 if it is new. Only
   * the socket transport calls it.
   */
  readonly onStep?: ((step: WaitStep, connectionAgeMs: number | null) => void) | undefined;
  /** Called before following a redirect to a host other than the previous one; waits for a permit for that host. */
  readonly enter?: ((host: string) => Promise<void>) | undefined;
}

/**
 * Sends one GET and returns the response. Disposing the response frees its connection. Redirects are returned, unless
 * the transport was created by `followRedirects`.
 */
export type Transport = (url: string, options: TransportOptions) => Promise<TransportResponse>;
