/** One fault of a workflow file. */
export interface WorkflowFinding {
  /** Path of the file. */
  readonly file: string;
  /** Line number, from 1. */
  readonly line: number;
  /** Name of the rule, such as `script-injection`; `actionlint` or `schema` for the linters of others. */
  readonly rule: string;
  /** What is wrong. */
  readonly message: string;
  /** What to do; empty if the message says it. */
  readonly hint: string;
}

/** What a rule reports of a file that it was given. */
export type RuleFinding = Omit<WorkflowFinding, "file" | "rule">;
