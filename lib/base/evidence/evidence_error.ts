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
  /** What was found, such as `"seed" is missing`. */
  readonly found: string;

  /**
   * Create an error with a hint to create the report again.
   *
   * @param found What was found; becomes the end of the error message
   */
  constructor(problem: EvidenceProblem, found: string, options: { readonly cause?: unknown } = {}) {
    super("integrity", `Cannot verify the report: ${found}`, {
      hint: "Create the report again",
      ...options,
    });
    this.problem = problem;
    this.found = found;
  }
}
