import type { FailureClass } from "../failure/failure.ts";

/** What kind of failure a call ended with. */
export interface FailureKind {
  /** The class. */
  readonly failure: FailureClass;
  /** The HTTP status; `null` where there was no answer. */
  readonly status: number | null;
}

/** Why a breaker does not let calls through. */
export interface BreakerCause extends FailureKind {
  /** In words that follow a host's name, such as `answers with errors (500): 6 of its last 10 calls failed`. */
  readonly reason: string;
}

const WORDS: Partial<Record<FailureClass, string>> = {
  timeout: "does not answer in time",
  stall: "stops sending",
  connection: "breaks connections",
  dns: "has no address",
  tls: "makes no secure connection",
  server: "answers with errors",
  integrity: "sends wrong bytes",
  disk: "takes no bytes",
};

/**
 * Say what a host does, in words that follow its name.
 *
 * @param kind What most of its calls failed with
 * @param options Whether nobody was there at all
 * @returns Such as `answers with errors (500)`
 */
export function describeKind(
  { failure, status }: FailureKind,
  options: { readonly isHard?: boolean | undefined } = {},
): string {
  if (options.isHard === true && failure === "connection") return "cannot be reached";
  const words = WORDS[failure] ?? "fails";
  return status === null ? words : `${words} (${status})`;
}
