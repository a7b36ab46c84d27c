/** A request and its answer, when the answer is over. */
export interface SandboxExchange {
  /** What the caller called it, by the header `X-Request-Id`; `null` if it did not. */
  readonly id: string | null;
  /** As the log names it. */
  readonly route: string;
  /** HTTP status. */
  readonly status: number;
  /** Bytes of the body that were handed to the network; after a break not all of them may have arrived. */
  readonly bytes: number;
  /** What went wrong on purpose. */
  readonly toxics: readonly string[];
}
