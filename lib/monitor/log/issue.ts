import type { FailureClass } from "../../failsafe/mod.ts";

/** Something in a log that a person may have to look at. */
export interface Issue {
  /** What makes two issues the same trouble: the class of failure and how it ended, such as `timeout:failed`. */
  readonly kind: string;
  /** The class of failure; `unknown` when the line names none. */
  readonly failure: FailureClass;
  /** How it ended: an item's outcome, else the type of the event, `line` for a line of plain text. */
  readonly outcome: string;
  /** When, ISO 8601 UTC; `null` when the line does not say. */
  readonly time: string | null;
  /** The file of the library that it is about, if there is one. */
  readonly path: string | null;
  /** The key of the breaker that let no request through; absent when one was sent, or the line does not say. */
  readonly refusedBy?: string;
  /** What happened, cut to 500 characters. */
  readonly message: string;
}
