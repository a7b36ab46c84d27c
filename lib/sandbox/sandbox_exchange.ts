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
  /** Names of the faults that were applied. */
  readonly toxics: readonly string[];
}
