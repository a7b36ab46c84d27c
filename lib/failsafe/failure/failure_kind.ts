import type { FailureClass } from "./failure.ts";

/** Class and HTTP status of a failed call. */
export interface FailureKind {
  /** The failure class. */
  readonly failure: FailureClass;
  /** The HTTP status; `null` if there was no response. */
  readonly status: number | null;
}
