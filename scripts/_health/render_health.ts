import { cleanText, formatCount } from "../../lib/base/mod.ts";
import { createPaint, type RenderOptions, textWidth, wrapText } from "../../lib/cli/mod.ts";
import type { HealthRow, HealthStatus } from "../../lib/health/mod.ts";

/** Wide enough for every terminal; output that is piped gets the same lines. */
const WIDTH = 80;
/** Text on a wide terminal stays narrow enough to read. */
const MAX_WIDTH = 110;

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
