import type { FailureClass } from "../failsafe/mod.ts";

/** A problem in a log that may need the user's attention. */
export interface Issue {
  /** Kind by which repetitions are grouped: class of failure and outcome, such as `timeout:failed`. */
  readonly kind: string;
  /** The class of failure; `unknown` when the line names none. */
  readonly failure: FailureClass;
  /** Outcome of the item, otherwise the type of the event; `line` for a line of plain text. */
  readonly outcome: string;
  /** When it happened, ISO 8601 UTC; `null` if the line contains no time. */
  readonly time: string | null;
  /** Path of the file in the library; `null` if the issue is not about a file. */
  readonly path: string | null;
  /** What happened, truncated to 500 characters. */
  readonly message: string;
}
