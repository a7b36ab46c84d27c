import { type Env, shell, VERSION } from "../../lib/base/mod.ts";
import { handleIssue, type IssueAdvice, renderIssueReport } from "../../lib/monitor/mod.ts";
import type { ProblemLanguage } from "../../lib/problems/mod.ts";

/** The explanation of a line, and the text of a report about it if it was asked for. */
export interface ExplainedLine extends IssueAdvice {
  readonly report: string | null;
}

/** Options of {@linkcode explainLine}. */
export interface ExplainLineOptions {
  /** Whether to write a report for the developers. */
  readonly withReport: boolean;
  readonly language: ProblemLanguage;
  readonly env: Env;
  /** The value of `--config`, whose secrets do not get into a report. */
  readonly config: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Explain a line of a log.
 *
 * @param text The line
 * @param options Language, and whether to write a report
 * @returns What it means and what to do
 */
export async function explainLine(text: string, options: ExplainLineOptions): Promise<ExplainedLine> {
  const { withReport, language, env, config, signal } = options;
  if (!withReport) return { ...handleIssue(text, { language }), report: null };
  const [{ findNamesIn }, { openPublicRedactor }] = await Promise.all([
    import("../../lib/health/mod.ts"),
    import("../_frame/settings/open_public_redactor.ts"),
  ]);
  const redact = await openPublicRedactor(env, { config, names: findNamesIn(text), signal });
  // Before anything is quoted, because a part of a secret is harder to recognize.
  const line = redact(text);
  const advice = handleIssue(line);
  const { os, arch } = Deno.build;
  const facts = { version: VERSION, runtime: `Deno ${Deno.version.deno}`, system: `${os} ${arch}` };
  return { ...advice, report: renderIssueReport(line, advice, facts) };
}

/** Render the explanation: a row for each thing to know. */
export function renderExplainedLine(explained: ExplainedLine): string {
  const { recognized, issue, problem, message, meaning, remedy, next, runbook, report } = explained;
  if (report !== null) return report;
  if (!recognized) return "Not recognized: the line reports no known problem\n";
  const rows: readonly (readonly [name: string, value: string | null | undefined])[] = [
    ["Problem", problem === null || issue === null ? problem : `${problem} (${issue.outcome})`],
    ["File", issue?.path],
    ["Message", message],
    ["Meaning", meaning],
    ["To do", remedy],
    ["Next", next],
    ["More", runbook && `${shell`civitai-dl doctor ${problem ?? ""}`} (${runbook})`],
  ];
  return rows.filter(([, value]) => value).map(([name, value]) => `${`${name}:`.padEnd(9)}${value}\n`).join("");
}
