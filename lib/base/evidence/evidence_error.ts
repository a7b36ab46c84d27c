import { KitError } from "../kit_error.ts";

/**
 * Why a report is rejected: `unreadable` (truncated, or not JSON), `schema` (a report of another kind), `version`
 * (another version of the schema), `shape` (a field of the header is missing or invalid).
 */
export type EvidenceProblem = "unreadable" | "schema" | "version" | "shape";

/** Thrown when a report is rejected. Its code is `integrity`. */
export class EvidenceError extends KitError {
  /** The name that stack traces print. */
  override name = "EvidenceError";
  /** The kind of problem. */
  readonly problem: EvidenceProblem;

  /**
   * Create an error with a hint to create the report again.
   *
   * @param problem The kind of problem
   * @param message What was found, such as `"seed" is missing`; becomes the end of the error message
   * @param options The error that caused this one
   */
  constructor(problem: EvidenceProblem, message: string, options: { readonly cause?: unknown } = {}) {
    super("integrity", `Cannot verify the report: ${message}`, {
      hint: "Create the report again",
      ...options,
    });
    this.problem = problem;
  }
}
