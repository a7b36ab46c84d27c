/**
 * What `gate`, `checks` and `ok` check in this repository: format, lint, types, tests, coverage and documents, and the
 * reports in `reports/`, judged by the conditions of a phase. Room `gate` judges, and is independent of these checks.
 *
 * @module
 */
export { judgePhase, type JudgePhaseOptions, PHASES_FILE } from "./phase/judge_phase.ts";
export { explainCondition, type ExplainedCondition, type ListedPhase, listPhase } from "./phase/list_conditions.ts";
export { type DenoRun, lastWords, runDeno } from "./run_deno.ts";
