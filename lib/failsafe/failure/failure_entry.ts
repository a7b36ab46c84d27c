/** What a line of a failure log is made of. */
export interface FailureEntry {
  /** What was thrown. */
  readonly error: unknown;
  /** The mode at that time. */
  readonly mode?: string | undefined;
  /** Who was asked. */
  readonly host?: string | undefined;
  /** The number of the try, from 1. */
  readonly attempt?: number | undefined;
  /** How the host's breaker stood. */
  readonly breaker?: string | undefined;
}

/** A line of a failure log, as JSON. */
export interface FailureLine {
  /** ISO 8601 UTC. */
  readonly timestamp: string;
  /** The error's name. */
  readonly "error_type": string;
  /** Its message, without secrets. */
  readonly "error_message": string;
  /** Of the program. */
  readonly version: string;
  /** How many failures this process has logged, this one included. */
  readonly "failure_count": number;
  /** The failure's class. */
  readonly class: string;
  /** See {@linkcode FailureEntry}; `null` when not known. */
  readonly mode: string | null;
  /** See {@linkcode FailureEntry}; `null` when not known. */
  readonly host: string | null;
  /** See {@linkcode FailureEntry}; `null` when not known. */
  readonly attempt: number | null;
  /** See {@linkcode FailureEntry}; `null` when not known. */
  readonly breaker: string | null;
  /** The key of the breaker that did not let the call through; `null` when the call was made. */
  readonly "refused_by": string | null;
}
