import { type Env, type Language, shell, VERSION } from "../../lib/base/mod.ts";
import { handleIssue, type IssueAdvice, renderIssueReport } from "../../lib/monitor/mod.ts";
import { textWidth } from "../../lib/cli/mod.ts";
import { PROBLEMS } from "../../lib/problems/mod.ts";

/** The explanation of a line, and the text of a report about it if it was asked for. */
export interface ExplainedLine extends IssueAdvice {
  readonly report: string | null;
  readonly language: Language;
}

/** Options of {@linkcode explainLine}. */
export interface ExplainLineOptions {
  /** Whether to write a report for the developers. */
  readonly withReport: boolean;
  readonly language: Language;
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
  if (!withReport) return { ...handleIssue(text, { language }), report: null, language };
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
  return { ...advice, report: renderIssueReport(line, advice, facts), language };
}

const WORDS = {
  en: {
    unknown: "Not recognized: the line reports no known problem",
    problem: "Problem",
    file: "File",
    message: "Message",
    meaning: "Meaning",
    remedy: "To do",
    next: "Next",
    more: "More",
  },
  ja: {
    unknown: "判別できません: 既知の問題を示す行ではありません",
    problem: "問題",
    file: "ファイル",
    message: "メッセージ",
    meaning: "意味",
    remedy: "対処",
    next: "次のコマンド",
    more: "詳細",
  },
} as const;

/** Render the explanation: a row for each thing to know. */
export function renderExplainedLine(explained: ExplainedLine): string {
  const { recognized, issue, problem, message, meaning, remedy, next, runbook, report, language } = explained;
  const words = WORDS[language];
  if (report !== null) return report;
  if (!recognized) return `${words.unknown}\n`;
  const rows: readonly (readonly [name: string, value: string | null | undefined])[] = [
    [words.problem, nameProblem(explained)],
    [words.file, issue?.path],
    [words.message, message],
    [words.meaning, meaning],
    [words.remedy, remedy],
    [words.next, next],
    [words.more, runbook && `${shell`civitai-dl doctor ${problem ?? ""}`} (${runbook})`],
  ];
  const column = Math.max(...rows.map(([name]) => textWidth(name))) + 2;
  return rows.filter(([, value]) => value)
    .map(([name, value]) => `${name}:${" ".repeat(column - textWidth(name) - 1)}${value}\n`).join("");
}

/** The problem by its id, which `doctor` explains; in Japanese after its title. */
function nameProblem({ problem, issue, language }: ExplainedLine): string | null {
  if (problem === null) return null;
  if (language === "ja") return `${PROBLEMS[problem].ja.title} (${problem})`;
  return issue === null ? problem : `${problem} (${issue.outcome})`;
}
