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
  /** Limit of the TCP connection, DNS lookup included; only the socket transport applies it. None if absent. */
  readonly connectTimeoutMs?: number | undefined;
  /** Limit of the TLS handshake; only the socket transport applies it. None if absent. */
  readonly tlsTimeoutMs?: number | undefined;
  /**
   * Waits for a permit for another host that a redirect leads to. The code that calls it disposes the permit when the
   * connection is no longer needed.
   */
  readonly enter?: ((host: string) => Promise<Disposable>) | undefined;
}

/** Sends one GET and returns the response; follows no redirect. Disposing the response frees its connection. */
export type Transport = (url: string, options: TransportOptions) => Promise<TransportResponse>;
