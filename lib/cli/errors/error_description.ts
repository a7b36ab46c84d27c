import type { Language } from "../../base/mod.ts";

/** The description of an error for the user. */
export interface ErrorDescription {
  /** The kind of failure: the code of a `KitError`, or `unexpected` for a bug in the program. */
  readonly code: string;
  /** The exit code of the command. */
  readonly exit: number;
  /** What was attempted and what happened. */
  readonly message: string;
  /** What the user can do; `undefined` if there is nothing to suggest. */
  readonly hint: string | undefined;
  /**
   * Language of message and hint.
   *
   * @default {"en"}
   */
  readonly language?: Language | undefined;
  /** The messages of the chain of causes, nearest first. */
  readonly causes: readonly string[];
  /** The stack trace of an unexpected error; `undefined` for expected ones. */
  readonly stack: string | undefined;
}
