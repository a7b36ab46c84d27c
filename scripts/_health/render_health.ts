import { cleanText, formatCount, type Language } from "../../lib/base/mod.ts";
import { createPaint, padText, type RenderOptions, textWidth, wrapText } from "../../lib/cli/mod.ts";
import type { HealthRow, HealthStatus } from "../../lib/health/mod.ts";
import type { CheckedHealth } from "./check_health.ts";
import { CHECK_NAMES } from "./health_flags.ts";
import { nameOf, sayRow, titleOf } from "./say_row.ts";

/** Wide enough for every terminal; output that is piped gets the same lines. */
const WIDTH = 80;
/** Text on a wide terminal stays narrow enough to read. */
const MAX_WIDTH = 110;

const WORDS = {
  en: {
    nothing: "Nothing is wrong.",
    nothingChecked: "Nothing is wrong in what was checked.",
    unknown: "Nothing could be judged.",
    check: "CHECK",
    status: "STATUS",
    measured: "MEASURED, AND → WHAT TO DO NEXT",
    statuses: { ok: "ok", warn: "warn", fail: "fail", skipped: "skipped" },
    counts: (all: number, of: CountStatus) =>
      `${formatCount(all, "check")}: ${of("fail")} failed, ${formatCount(of("warn"), "warning")}, ${of("ok")} ok, ${
        of("skipped")
      } skipped`,
  },
  ja: {
    nothing: "問題はありません。",
    nothingChecked: "確認した項目に問題はありません。",
    unknown: "判定できる項目がありませんでした。",
    check: "項目",
    status: "状態",
    measured: "結果、→ 次のコマンド",
    statuses: { ok: "正常", warn: "警告", fail: "異常", skipped: "対象外" },
    counts: (all: number, of: CountStatus) =>
      `${all} 項目: 異常 ${of("fail")}、警告 ${of("warn")}、正常 ${of("ok")}、対象外 ${of("skipped")}`,
  },
} as const;

type CountStatus = (status: HealthStatus) => number;

/**
 * Render the cause with its one command, and then every finding.
 *
 * @param result The report
 * @param options Width and colors
 * @returns The text, with a final newline
 */
export function renderCheckedHealth(result: CheckedHealth, options: RenderOptions): string {
  const { checks, cause, status, language } = result;
  const { nothing, nothingChecked, unknown } = WORDS[language];
  const now = Date.parse(result.time);
  const fine = checks.length < CHECK_NAMES.length ? nothingChecked : nothing;
  const head = cause === null
    ? `${status === "skipped" ? unknown : fine}\n`
    : renderCause(cause, { ...options, language, now });
  return `${head}\n${renderHealth(checks, { ...options, language, now })}`;
}

/** The cause in the first line, then the one command that comes next. */
function renderCause(
  cause: HealthRow,
  { color, width, language, now }: RenderOptions & { readonly language: Language; readonly now: number },
): string {
  const paint = createPaint({ color });
  const columns = width === Infinity ? WIDTH : Math.min(width, MAX_WIDTH);
  const { remedy, status } = cause;
  const { measured, advice } = sayRow(cause, { language, now });
  const mark = status === "fail" ? paint.red : paint.yellow;
  return [
    // The cause is one line, so that a job's mail or a script finds all of it there.
    `${mark(paint.bold(`${titleOf(cause, language)}:`))} ${cleanText(measured)}`,
    ...remedy === null ? [] : [`→ ${paint.cyan(remedy)}`],
    ...advice === null ? [] : wrapText(advice, columns - 2).map((line) => `  ${line}`),
    "",
  ].join("\n");
}

/**
 * Render the findings: a line for each check, and below it what to do. The text is wrapped to the terminal; a command is
 * never broken, so that it can be copied.
 *
 * @param checks The findings
 * @param options Width, colors and language
 * @returns The text, with a final newline
 */
export function renderHealth(
  checks: readonly HealthRow[],
  { color, width, language, now }: Pick<RenderOptions, "color" | "width"> & {
    readonly language: Language;
    readonly now: number;
  },
): string {
  const paint = createPaint({ color });
  const style = { ok: paint.green, warn: paint.yellow, fail: paint.red, skipped: paint.dim };
  const words = WORDS[language];
  const names = checks.map((row) => language === "en" ? row.name : `${nameOf(row, language)} (${row.name})`);
  const nameWidth = Math.max(...[words.check, ...names].map(textWidth));
  const statusWidth = Math.max(...[words.status, ...Object.values(words.statuses)].map(textWidth));
  const indent = " ".repeat(nameWidth + 2 + statusWidth + 2);
  const columns = (width === Infinity ? WIDTH : Math.min(width, MAX_WIDTH)) - indent.length;
  const lines = [`${padText(words.check, nameWidth)}  ${padText(words.status, statusWidth)}  ${words.measured}`];
  for (const [index, row] of checks.entries()) {
    const { status, remedy, afterwards } = row;
    const { measured, advice } = sayRow(row, { language, now });
    const [first = "", ...rest] = wrapText(cleanText(measured), columns);
    const verdict = style[status](padText(words.statuses[status], statusWidth));
    lines.push(`${padText(names[index]!, nameWidth)}  ${verdict}  ${first}`);
    lines.push(...rest.map((line) => `${indent}${line}`));
    if (remedy !== null) lines.push(`${indent}→ ${paint.cyan(remedy)}`);
    if (advice !== null) lines.push(...wrapText(advice, columns - 2).map((line) => `${indent}  ${line}`));
    if (afterwards !== null) lines.push(`${indent}→ ${paint.cyan(afterwards)}`);
  }
  const of: CountStatus = (status) => checks.filter((check) => check.status === status).length;
  return `${lines.join("\n")}\n${words.counts(checks.length, of)}\n`;
}
