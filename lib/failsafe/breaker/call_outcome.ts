import type { FailureClass } from "../failure/failure.ts";

/** How a call to something that we depend on ended. */
export type CallOutcome =
  /** It did its work, in so many milliseconds. */
  | { readonly type: "ok"; readonly durationMs: number }
  /** It did not. */
  | {
    readonly type: "failed";
    /** The class; it decides whether the failure counts. */
    readonly failure: FailureClass;
    /** The HTTP status, if there was an answer. */
    readonly status?: number | undefined;
    /** It is known that nobody was there, such as by a refused connection. */
    readonly isHard?: boolean | undefined;
  }
  /** It was stopped by us, or says nothing. */
  | { readonly type: "ignored" };
