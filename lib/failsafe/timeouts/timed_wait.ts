/**
 * What was waited for.
 *
 * - `connect`: the TCP connection, including the lookup of the name
 * - `tls`: the TLS handshake
 * - `headers`: from the request to the response headers, including `connect` and `tls` if the connection is new
 * - `body`: the longest time that a body took for its next few bytes
 */
export type WaitStep = "connect" | "tls" | "headers" | "body";

/** All steps, in the order in which they happen. */
export const WAIT_STEPS: readonly WaitStep[] = ["connect", "tls", "headers", "body"];

/** One wait for a host that a timeout limits: how long it took, or that the timeout expired. */
export interface StepWait {
  /** What was waited for. */
  readonly step: WaitStep;
  /** The host, with the port if it is not the default; never a URL. */
  readonly host: string;
  /** `timeout` if the limit was reached; then the true length of the wait is unknown. */
  readonly outcome: "ok" | "timeout";
  /** The limit that was in force, in milliseconds. */
  readonly limitMs: number;
  /** Length of the wait, in milliseconds. */
  readonly elapsedMs: number;
  /** Age of the connection when the request was sent, in milliseconds: 0 for a new one; `null` if unknown. */
  readonly connectionAgeMs: number | null;
}

/** A {@linkcode StepWait} with its purpose. */
export interface TimedWait extends StepWait {
  /** What the request was for: data of the API, the link of a file, or bytes. */
  readonly operation: "api" | "resolve" | "transfer";
  /** Number of the attempt, from 1. */
  readonly attempt: number;
}
