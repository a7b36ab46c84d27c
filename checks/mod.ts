/**
 * The checks of `gate` and `checks` in this repository: format, lint, types, tests, coverage, documentation, and the
 * reports in `reports/`; `workflows/` examines the workflows of GitHub Actions. Their results are judged by the
 * conditions of a phase. Room `gate` makes the verdicts and does not depend on these checks.
 *
 * @module
 */
export { judgePhase } from "./phase/judge_phase.ts";
export { CHECK_NAMES } from "./house_checks.ts";
export { PHASES_FILE } from "./phase/read_phases.ts";
export { explainCondition, type ExplainedCondition, listPhase } from "./phase/list_conditions.ts";
export { TARGET_BRANCH } from "./find_base.ts";
export { listOwnEntries } from "./list_own_entries.ts";
export { groupTests } from "./group_tests.ts";
export { pathFromRoot } from "./path_from_root.ts";
export { listHeadings, plainHeading, proseLines, type RelativeLink, replaceLinks } from "./documents/markdown.ts";
export { listInlineCommands, listShellBlocks, listShellCommands, type ShellCommand } from "./documents/shell_blocks.ts";
export { listPagePaths } from "./documents/list_page_paths.ts";
export {
  parseSiteMap,
  SITE_LANGUAGES,
  SITE_MAP_FILE,
  type SiteGroup,
  type SiteLanguage,
} from "./documents/site_map.ts";
export { type PageTexts, parsePageTexts } from "./documents/page_texts.ts";
export { translatePage, type TranslatePageOptions } from "./documents/translate_page.ts";
export { translationPath } from "./documents/translation_path.ts";
export { lintWorkflows, listWorkflows, type WorkflowFinding } from "./workflows/lint_workflows.ts";
export { checkStaged, type StagedReport } from "./staged/check_staged.ts";
export { runDenoTest } from "./run_deno_test.ts";
export { lastLines, runDeno } from "./run_deno.ts";
