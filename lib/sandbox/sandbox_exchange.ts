/** A request and its response, after the response has ended. */
export interface SandboxExchange {
  /** The request's header `X-Request-Id`; `null` if absent. */
  readonly id: string | null;
  /** Name of the route in the log. */
  readonly route: string;
  /** HTTP status of the response. */
  readonly status: number;
  /**
   * Bytes of the body that were written to the network. After a broken connection, some of them may not have arrived.
   */
  readonly bytes: number;
  /** When the request was received, in milliseconds of the monotonic clock. */
  readonly startedMs: number;
  /** The model file or image that was requested; `null` for others. */
  readonly item: { readonly kind: "file" | "image"; readonly id: number } | null;
  /** How long a fault kept the line silent until the client, or `close`, ended it; `null` without such a fault. */
  readonly silence: { readonly step: "headers" | "body"; readonly ms: number } | null;
  /**
   * How slowly a fault sent the body, since when in milliseconds of the monotonic clock, and for how long: until the
   * client ended it, the body was over, or the line became fast again; `null` without such a fault.
   */
  readonly slowLine: { readonly bytesPerSecond: number; readonly sinceMs: number; readonly ms: number } | null;
  /** Names of the faults that were applied. */
  readonly toxics: readonly string[];
}
