/** A problem, with its location if it has one. */
export interface SheetProblem {
  /** Description of the problem. */
  readonly message: string;
  /** Path of the file, relative to the root of the project. */
  readonly file?: string | undefined;
  /** Line number, from 1. */
  readonly line?: number | undefined;
  /** Column number, from 1. */
  readonly column?: number | undefined;
  /** Identifier of the rule that found the problem. */
  readonly rule?: string | undefined;
}

/** A condition with its verdict. */
export interface SheetRow {
  /** Identifier of the condition, such as `timeout-rate`. */
  readonly id: string;
  /** Title of the condition, one line. */
  readonly title: string;
  /**
   * Whether the condition affects the verdict of the sheet (`error`), is only reported (`warn`), or is not evaluated
   * (`off`).
   */
  readonly level: "error" | "warn" | "off";
  /** Verdict on the condition. */
  readonly verdict: "pass" | "fail" | "inconclusive" | "not evaluated";
  /** The requirement in words. */
  readonly required: string;
  /** The measured value in words, with bound and count; empty if nothing was measured. */
  readonly measured: string;
  /** Reason for the verdict, if the numbers do not show it; otherwise empty. */
  readonly reason: string;
  /** Problems that were found for the condition. */
  readonly problems: readonly SheetProblem[];
  /** Command that produces missing evidence; empty if there is none. */
  readonly command: string;
}

/** Verdicts on many conditions, as plain data for all output formats. */
export interface VerdictSheet {
  /** Title of the sheet. */
  readonly title: string;
  /** Verdict over all conditions of level `error`. */
  readonly verdict: "pass" | "fail" | "inconclusive";
  /** Remarks for the reader, one sentence each. */
  readonly notes: readonly string[];
  /** Time of the verdict, ISO 8601 UTC. */
  readonly at: string;
  /** Conditions, in the order of the output. */
  readonly rows: readonly SheetRow[];
}
