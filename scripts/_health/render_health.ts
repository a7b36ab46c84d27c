import { cleanText, formatCount } from "../../lib/base/mod.ts";
import { createPaint, type RenderOptions, textWidth, wrapText } from "../../lib/cli/mod.ts";
import type { HealthRow, HealthStatus } from "../../lib/health/mod.ts";
import { type ProblemLanguage, PROBLEMS } from "../../lib/problems/mod.ts";
import type { CheckedHealth } from "./check_health.ts";

/** Wide enough for every terminal; output that is piped gets the same lines. */
const WIDTH = 80;
/** Text on a wide terminal stays narrow enough to read. */
const MAX_WIDTH = 110;

const WORDS = {
  en: { nothing: "Nothing is wrong.", unknown: "Nothing could be judged." },
  ja: { nothing: "問題はありません。", unknown: "判定できる項目がありませんでした。" },
} as const;

/** Names of the checks that warn of what is no problem of the table. */
const JAPANESE_NAMES: Readonly<Record<string, string>> = {
  catalog: "カタログ",
  creators: "クリエイター",
  hash: "ハッシュ計算の速度",
  instance: "実行中の処理",
  key: "API キー",
  quota: "利用枠",
  state: "状態ファイル",
  timeouts: "タイムアウト",
  versions: "バージョン",
  write: "ディスクの速度",
};

/**
 * Render what was put right, the cause with its one command, and then every finding.
 *
 * @param result The report
 * @param options Width and colors
 * @returns The text, with a final newline
 */
export function renderCheckedHealth(result: CheckedHealth, options: RenderOptions): string {
  const { checks, fixes, cause, status, language } = result;
  const done = fixes.map(({ outcome, path, action, problem }) =>
    `${outcome === "done" ? "fixed" : outcome}: ${path}: ${action}${problem === null ? "" : `: ${problem}`}\n`
  );
  const { nothing, unknown } = WORDS[language];
  const head = cause === null
    ? `${status === "skipped" ? unknown : nothing}\n`
    : renderCause(cause, { ...options, language });
  return `${done.join("")}${head}\n${renderHealth(checks, options)}`;
}

/** The cause in the first line, then the one command that comes next. */
function renderCause(
  cause: HealthRow,
  { color, width, language }: RenderOptions & { readonly language: ProblemLanguage },
): string {
  const paint = createPaint({ color });
  const columns = width === Infinity ? WIDTH : Math.min(width, MAX_WIDTH);
  const { problem, name, measured, remedy, advice, ja, status } = cause;
  const entry = problem === null ? null : PROBLEMS[problem][language];
  const title = entry?.title ?? (language === "ja" ? JAPANESE_NAMES[name] : undefined) ?? name;
  const known = entry?.remedy ?? null;
  const first = `${title.charAt(0).toUpperCase()}${title.slice(1)}`;
  const mark = status === "fail" ? paint.red : paint.yellow;
  const command = remedy ?? (problem === null ? null : PROBLEMS[problem].next);
  // What was measured is in English, so a Japanese reader gets the meaning before it.
  const text = language === "en" || entry === null
    ? cleanText(measured)
    : `${entry.meaning}（${cleanText(ja?.measured ?? measured)}）`;
  const what = language === "en" ? advice ?? known : ja?.advice ?? known ?? advice;
  return [
    // The cause is one line, so that a job's mail or a script finds all of it there.
    `${mark(paint.bold(`${first}:`))} ${text}`,
    ...command === null ? [] : [`→ ${paint.cyan(command)}`],
    ...what === null ? [] : wrapText(what, columns - 2).map((line) => `  ${line}`),
    "",
  ].join("\n");
}

/**
 * Render the findings: a line for each check, and below it what to do. The text is wrapped to the terminal; a command is
 * never broken, so that it can be copied.
 *
 * @param checks The findings
 * @param options Width and colors
 * @returns The text, with a final newline
 */
export function renderHealth(checks: readonly HealthRow[], { color, width }: RenderOptions): string {
  const paint = createPaint({ color });
  const style = { ok: paint.green, warn: paint.yellow, fail: paint.red, skipped: paint.dim };
  const nameWidth = Math.max("CHECK".length, ...checks.map(({ name }) => textWidth(name)));
  const indent = " ".repeat(nameWidth + 2 + "skipped".length + 2);
  const columns = (width === Infinity ? WIDTH : Math.min(width, MAX_WIDTH)) - indent.length;
  const lines = [`${"CHECK".padEnd(nameWidth)}  STATUS   MEASURED, AND → WHAT TO DO NEXT`];
  for (const { name, status, measured, remedy, afterwards, advice } of checks) {
    const [first = "", ...rest] = wrapText(cleanText(measured), columns);
    lines.push(`${name.padEnd(nameWidth)}  ${style[status](status.padEnd("skipped".length))}  ${first}`);
    lines.push(...rest.map((line) => `${indent}${line}`));
    if (remedy !== null) lines.push(`${indent}→ ${paint.cyan(remedy)}`);
    if (advice !== null) lines.push(...wrapText(advice, columns - 2).map((line) => `${indent}  ${line}`));
    if (afterwards !== null) lines.push(`${indent}→ ${paint.cyan(afterwards)}`);
  }
  return `${lines.join("\n")}\n${summaryOf(checks)}\n`;
}

/** Count the verdicts, the worst first. */
function summaryOf(checks: readonly HealthRow[]): string {
  const of = (status: HealthStatus): number => checks.filter((check) => check.status === status).length;
  const parts = [
    `${of("fail")} failed`,
    `${formatCount(of("warn"), "warning")}`,
    `${of("ok")} ok`,
    `${of("skipped")} skipped`,
  ];
  return `${formatCount(checks.length, "check")}: ${parts.join(", ")}`;
}
