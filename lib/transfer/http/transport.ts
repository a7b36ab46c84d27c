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
  /** Called before a redirect to another host than the last one is followed; waits for a permit for that host. */
  readonly enter?: ((host: string) => Promise<void>) | undefined;
}

/** Sends one GET and returns the response; follows no redirect. Disposing the response frees its connection. */
export type Transport = (url: string, options: TransportOptions) => Promise<TransportResponse>;
