/**
 * The checks of `gate`, `checks` and `ok` in this repository: format, lint, types, tests, coverage, documentation, and
 * the reports in `reports/`. Their results are judged by the conditions of a phase. Room `gate` makes the verdicts and
 * does not depend on these checks.
 *
 * @module
 */
export { judgePhase, type JudgePhaseOptions, PHASES_FILE } from "./phase/judge_phase.ts";
export { explainCondition, type ExplainedCondition, type ListedPhase, listPhase } from "./phase/list_conditions.ts";
export { checkStaged, type CheckStagedOptions, type StagedProblem, type StagedReport } from "./staged/check_staged.ts";
export { type DenoRun, lastLines, runDeno } from "./run_deno.ts";
