/**
 * Everything that a person can read about a problem, in one place and in both languages: a table of problems with
 * meaning, remedy and next command, the page of the runbook about each, and what a line of a log says of them.
 * Log, live page, alerts, `doctor` and the runbook read it.
 *
 * @module
 */
export {
  type EndProblem,
  FAILURE_CLASSES,
  FINAL_CLASSES,
  type OperationProblem,
  PROBLEM_IDS,
  type ProblemId,
  PROBLEMS,
} from "./problem_table.ts";
export { isProblemId, problemOfText, runbookIn } from "./find_problem.ts";
export {
  type ExplainedLine,
  type ExplainedProblem,
  explainLine,
  type ExplainLineOptions,
} from "./lines/explain_line.ts";
export { renderIssueReport, type RenderIssueReportOptions } from "./lines/issue_report.ts";
export { type LineLevel, type LogLine, readLine } from "./lines/read_line.ts";
export { itemPathOf, type LogRecord, parseLogRecord, quoteText, textOf } from "./lines/log_record.ts";
export { maskMessage } from "./lines/mask_message.ts";
export type { Problem, ProblemSeverity, ProblemText } from "./problem.ts";
export { findRunbookPage, type RunbookPage, suggestRunbookPage } from "./runbook/runbook_page.ts";
