import { type Env, type Language, shell, VERSION } from "../../lib/base/mod.ts";
import { textWidth } from "../../lib/cli/mod.ts";
import {
  type ExplainedLine,
  type ExplainedProblem,
  explainLine,
  PROBLEMS,
  readLine,
  renderIssueReport,
} from "../../lib/problems/mod.ts";

/** The explanation of a line, and the text of a report about it if it was asked for. */
export type HandledLine = ExplainedLine & {
  readonly report: string | null;
  readonly language: Language;
};

/** Options of {@linkcode handleLine}. */
export interface HandleLineOptions {
  /** Whether to write a report for the developers. */
  readonly withReport: boolean;
  readonly language: Language;
  readonly env: Env;
  /** The value of `--config`, whose secrets do not get into a report. */
  readonly config: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Explain a line of a log, or write a report about it.
 *
 * @param text The line
 * @param options Language, and whether to write a report
 * @returns What it means and what to do
 */
export async function handleLine(text: string, options: HandleLineOptions): Promise<HandledLine> {
  const { withReport, language, env, config, signal } = options;
  if (!withReport) return { ...explainLine(readLine(text), { language }), report: null, language };
  const [{ findNamesIn }, { openPublicRedactor }] = await Promise.all([
    import("../../lib/health/mod.ts"),
    import("../_frame/settings/open_public_redactor.ts"),
  ]);
  const redact = await openPublicRedactor(env, { config, names: findNamesIn(text), signal });
  // Before anything is quoted, because a part of a secret is harder to recognize.
  const line = redact(text);
  const explained = explainLine(readLine(line));
  const { os, arch } = Deno.build;
  const facts = { version: VERSION, runtime: `Deno ${Deno.version.deno}`, system: `${os} ${arch}` };
  return { ...explained, report: renderIssueReport(line, explained, facts), language };
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
export function renderHandledLine(line: HandledLine): string {
  const words = WORDS[line.language];
  if (line.report !== null) return line.report;
  if (line.type === "unknown") return `${words.unknown}\n`;
  const isProblem = line.type === "problem";
  const rows: readonly (readonly [name: string, value: string | null])[] = [
    ...isProblem ? [[words.problem, nameProblem(line, line.language)], [words.file, line.path]] as const : [],
    [words.message, line.message],
    [words.meaning, line.meaning],
    [words.remedy, line.remedy],
    ...isProblem
      ? [
        [words.next, line.next],
        [words.more, `${shell`civitai-dl doctor ${line.problem}`} (${line.runbook})`],
      ] as const
      : [],
  ];
  const column = Math.max(...rows.map(([name]) => textWidth(name))) + 2;
  return rows.filter(([, value]) => value)
    .map(([name, value]) => `${name}:${" ".repeat(column - textWidth(name) - 1)}${value}\n`).join("");
}

/** The problem by its id, which `doctor` explains; in Japanese after its title. */
function nameProblem({ problem, outcome }: ExplainedProblem, language: Language): string {
  if (language === "ja") return `${PROBLEMS[problem].ja.title} (${problem})`;
  return outcome === null ? problem : `${problem} (${outcome})`;
}
