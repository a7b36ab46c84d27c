import type { FailureClass } from "../failure/failure.ts";

/** Outcome of a call to a dependency. */
export type CallOutcome =
  /** It succeeded after this time in milliseconds. */
  | { readonly type: "ok"; readonly durationMs: number }
  /** It failed. */
  | {
    readonly type: "failed";
    /** The failure class, which decides whether the failure counts. */
    readonly failure: FailureClass;
    /** The HTTP status, if there was a response. */
    readonly status?: number | undefined;
    /** True if the dependency was certainly not there, for example because the connection was refused. */
    readonly isHard?: boolean | undefined;
  }
  /** It was canceled by the caller, or says nothing about the dependency. */
  | { readonly type: "ignored" };
