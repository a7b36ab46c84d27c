import type { FailureClass } from "../failsafe/mod.ts";
import { FAILURE_REMEDIES, runbookOf } from "./failure_remedies.ts";
import type { Issue } from "./issue.ts";
import { recognizeIssue } from "./recognize_issue.ts";

/** What a line of a log means. */
export interface IssueAdvice {
  /** Whether the line is trouble that we know. */
  readonly recognized: boolean;
  /** The trouble; `null` when there is none. */
  readonly issue: Issue | null;
  /** Its class; `null` when there is none. */
  readonly failure: FailureClass | null;
  /** What the class means; `null` when there is none. */
  readonly meaning: string | null;
  /** What a person can do; `null` when there is none. */
  readonly remedy: string | null;
  /** Where the runbook says more; `null` when there is none. */
  readonly runbook: string | null;
}

/**
 * Say what a line of a log means and what to do.
 *
 * @param line One line, of JSON or of text
 * @returns The advice; `recognized` is false for a line that is no trouble, or nothing that we know
 */
export function handleIssue(line: string): IssueAdvice {
  const issue = recognizeIssue(line);
  if (issue === null) {
    return { recognized: false, issue, failure: null, meaning: null, remedy: null, runbook: null };
  }
  const { failure, refusedBy } = issue;
  const { meaning, remedy } = FAILURE_REMEDIES[failure];
  const after = refusedBy === undefined
    ? ""
    : `; after that the breaker of ${refusedBy} let no further request through`;
  return { recognized: true, issue, failure, meaning: `${meaning}${after}`, remedy, runbook: runbookOf(failure) };
}
