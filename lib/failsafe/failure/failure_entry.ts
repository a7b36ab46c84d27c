/** Facts of a failure, for one line of the failure log. */
export interface FailureEntry {
  /** The thrown value. */
  readonly error: unknown;
  /** The mode when it was thrown. */
  readonly mode?: string | undefined;
  /** The host that was called. */
  readonly host?: string | undefined;
  /** Number of the attempt, from 1. */
  readonly attempt?: number | undefined;
  /** State of the host's breaker. */
  readonly breaker?: string | undefined;
}

/** One line of the failure log, as JSON. */
export interface FailureLine {
  /** When it was logged, ISO 8601 UTC. */
  readonly timestamp: string;
  /** Name of the error, or the type of a thrown value that is not an error. */
  readonly "error_type": string;
  /** Its message, redacted and truncated to 2000 characters. */
  readonly "error_message": string;
  /** Version of the program. */
  readonly version: string;
  /** Number of failures that this process has logged, including this one. */
  readonly "failure_count": number;
  /** Class of the failure. */
  readonly class: string;
  /** See {@linkcode FailureEntry.mode}; `null` if unknown. */
  readonly mode: string | null;
  /** See {@linkcode FailureEntry.host}; `null` if unknown. */
  readonly host: string | null;
  /** See {@linkcode FailureEntry.attempt}; `null` if unknown. */
  readonly attempt: number | null;
  /** See {@linkcode FailureEntry.breaker}; `null` if unknown. */
  readonly breaker: string | null;
  /** Key of the breaker that refused the call; `null` if the call was made. */
  readonly "refused_by": string | null;
}
