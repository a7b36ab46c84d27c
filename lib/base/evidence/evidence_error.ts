import { KitError } from "../kit_error.ts";

/**
 * Why a report is not believed: `unreadable` (cut off, no JSON), `schema` (another kind of report), `version` (of
 * another time), `shape` (a field of the header is missing or impossible), `digest` (changed after it was sealed).
 */
export type EvidenceProblem = "unreadable" | "schema" | "version" | "shape" | "digest";

/** A report that cannot be believed. */
export class EvidenceError extends KitError {
  /** The name that stack traces print. */
  override name = "EvidenceError";
  /** What is wrong with it. */
  readonly problem: EvidenceProblem;

  /**
   * Make one.
   *
   * @param problem What is wrong
   * @param message What was found, such as `"seed" is missing`
   * @param options The error below this one
   */
  constructor(problem: EvidenceProblem, message: string, options: { readonly cause?: unknown } = {}) {
    super("integrity", `Cannot believe the report: ${message}`, {
      hint: "Make it again; a report that was edited proves nothing",
      ...options,
    });
    this.problem = problem;
  }
}
