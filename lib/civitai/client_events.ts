import type { FailureClass } from "../failsafe/mod.ts";

/** One exchange with the API, reported when its headers have arrived or it has failed. */
export interface RequestNotice {
  /** The HTTP method. */
  readonly method: "GET" | "POST";
  /** The URL, without secrets. */
  readonly url: string;
  /** The purpose, such as `read model 12`. */
  readonly what: string;
  /** The HTTP status; `null` if there was no response. */
  readonly status: number | null;
  /** Time until the headers or the failure, in milliseconds. */
  readonly durationMs: number;
}

/** A wait before the next attempt. */
export interface RequestRetryNotice {
  /** The purpose, such as `read model 12`. */
  readonly what: string;
  /** Number of the failed attempt, from 1. */
  readonly attempt: number;
  /** Length of the wait, in milliseconds. */
  readonly waitMs: number;
  /** Why the attempt failed. */
  readonly failure: FailureClass;
  /** The error's message, without secrets. */
  readonly message: string;
}
