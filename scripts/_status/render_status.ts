import type { Language } from "../../lib/base/mod.ts";
import { createPaint, padText, type Paint, textWidth, wrapText } from "../../lib/cli/mod.ts";
import { type SaidRow, sayStatus, type StatusReport, type StatusTone } from "../../lib/monitor/mod.ts";

/** Options of {@linkcode renderStatus}. */
export interface RenderStatusOptions {
  readonly language: Language;
  /** Width of the terminal in columns; `Infinity` without one. */
  readonly width: number;
  readonly color: boolean;
  /** The current time, milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Render a status as one screen of text: the headline of the live page with what to do, then one row for each subject.
 *
 * @returns The text, which ends with a line break
 */
export function renderStatus(status: StatusReport, options: RenderStatusOptions): string {
  const { width, color } = options;
  const paint = createPaint({ color });
  const { findings, remedy, progress, rows } = sayStatus(status, options);
  const [headline = [], ...others] = findings.map(({ tone, label, text, todo }) => [
    ...wrap(`${label}: ${text}`, { width, indent: "" }).map(painterOf(tone, paint)),
    ...todo === "" ? [] : wrap(`${remedy} ${todo}`, { width, indent: "  " }),
  ]);
  const column = Math.max(...rows.map(({ name }) => textWidth(name))) + 2;
  const lines = [
    ...headline,
    ...wrap(progress, { width, indent: "" }),
    ...others.flat(),
    "",
    ...rows.flatMap((row) => renderRow(row, { column, width, paint })),
  ];
  return `${lines.join("\n")}\n`;
}

/** Texts get at least this width, even if they are then wider than the terminal. */
const MIN_COLUMNS = 20;

function renderRow(
  { name, lines }: SaidRow,
  { column, width, paint }: { readonly column: number; readonly width: number; readonly paint: Paint },
): readonly string[] {
  const rendered = lines.flatMap(({ text, tone }) =>
    wrap(text, { width: width - column, indent: "" }).map(tone === null ? (line) => line : painterOf(tone, paint))
  );
  return rendered.map((line, index) => `${paint.cyan(padText(index === 0 ? name : "", column))}${line}`);
}

function wrap(text: string, { width, indent }: { readonly width: number; readonly indent: string }): readonly string[] {
  return wrapText(text, Math.max(MIN_COLUMNS, width - indent.length)).map((line) => `${indent}${line}`);
}

function painterOf(tone: StatusTone, paint: Paint): (line: string) => string {
  switch (tone) {
    case "bad":
      return paint.red;
    case "warn":
      return paint.yellow;
    case "good":
      return paint.green;
    case "busy":
    case "idle":
      return (line) => line;
  }
}
