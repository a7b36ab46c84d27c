/** A request and its answer, after the answer has ended. */
export interface SandboxExchange {
  /** The request's header `X-Request-Id`; `null` if absent. */
  readonly id: string | null;
  /** Name of the route in the log. */
  readonly route: string;
  /** HTTP status of the answer. */
  readonly status: number;
  /** Bytes of the body that were written to the network; after a broken connection not all of them may have arrived. */
  readonly bytes: number;
  /** Names of the faults that were applied. */
  readonly toxics: readonly string[];
}
