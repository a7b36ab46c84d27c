import type { FailureClass } from "../../failsafe/mod.ts";

/** One exchange with the API, told when its headers are there or it failed. */
export interface RequestNotice {
  /** How it was asked. */
  readonly method: "GET" | "POST";
  /** Without secrets. */
  readonly url: string;
  /** What it was for, such as `read model 12`. */
  readonly what: string;
  /** `null` when there was no answer. */
  readonly status: number | null;
  /** Until the headers, or the failure. */
  readonly durationMs: number;
}

/** A wait before another try. */
export interface RequestRetryNotice {
  /** What is tried, such as `read model 12`. */
  readonly what: string;
  /** Without secrets. */
  readonly url: string;
  /** The try that failed, from 1. */
  readonly attempt: number;
  /** How long we wait now. */
  readonly waitMs: number;
  /** Why the try failed. */
  readonly failure: FailureClass;
  /** What happened, without secrets. */
  readonly message: string;
}
