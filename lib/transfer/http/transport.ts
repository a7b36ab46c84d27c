/** An answer whose body is read into the caller's own buffers. */
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
  /** Ends the request and the body, wherever they are. */
  readonly signal: AbortSignal;
  /** Limit of the TCP connection, names included; the socket transport alone heeds it. None if absent. */
  readonly connectTimeoutMs?: number | undefined;
  /** Limit of the TLS handshake; the socket transport alone heeds it. None if absent. */
  readonly tlsTimeoutMs?: number | undefined;
  /**
   * Waits for leave at a further host that a redirect leads to; whoever asks for it answers for what happens there, and
   * gives it back.
   */
  readonly enter?: ((host: string) => Promise<Disposable>) | undefined;
}

/** Sends one GET and gives the answer; follows no redirect. Disposing the answer frees its connection. */
export type Transport = (url: string, options: TransportOptions) => Promise<TransportResponse>;
