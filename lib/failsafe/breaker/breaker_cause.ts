import type { FailureClass } from "../failure/failure.ts";

/** Class and HTTP status of a failed call. */
export interface FailureKind {
  /** The failure class. */
  readonly failure: FailureClass;
  /** The HTTP status; `null` if there was no response. */
  readonly status: number | null;
}

/** Why a breaker refuses calls. */
export interface BreakerCause extends FailureKind {
  /**
   * The reason, as a phrase that follows the name of a host, such as
   * `answers with errors (500): 6 of its last 10 calls failed`.
   */
  readonly reason: string;
}

const PHRASES: Partial<Record<FailureClass, string>> = {
  timeout: "does not answer in time",
  stall: "stalls",
  connection: "breaks connections",
  dns: "has no address",
  tls: "fails the TLS handshake",
  server: "answers with errors",
  integrity: "sends wrong bytes",
  disk: "cannot be written",
};

/**
 * Describe what is wrong with a host, as a phrase that follows its name.
 *
 * @param kind The kind of its failures
 * @param options `isHard` if the host could not be reached at all
 * @returns The phrase, for example `answers with errors (500)`
 */
export function describeKind(
  { failure, status }: FailureKind,
  options: { readonly isHard?: boolean | undefined } = {},
): string {
  if (options.isHard === true && failure === "connection") return "cannot be reached";
  const phrase = PHRASES[failure] ?? "fails";
  return status === null ? phrase : `${phrase} (${status})`;
}
