import { cleanText } from "../../base/mod.ts";
import type { Painter } from "./paint.ts";
import { textWidth } from "./text_width.ts";
import { truncateText } from "./truncate_text.ts";

/** One column of a table of `T`. */
export interface Column<T> {
  /** The heading. */
  readonly title: string;
  /** What a row shows; an absent value shows nothing. */
  readonly value: (row: T) => string | number | undefined;
  /**
   * Where a cell stands.
   *
   * @default {"left"}
   */
  readonly align?: "left" | "right";
  /**
   * The column is never cut below this many columns.
   *
   * @default {8}
   */
  readonly minWidth?: number;
  /** Colours a cell; the width is not affected. */
  readonly paint?: (text: string, row: T) => string;
}

/** Options of {@linkcode renderTable}. */
export interface RenderTableOptions {
  /**
   * Columns of the terminal.
   *
   * @default {80}
   */
  readonly width?: number;
  /** Colours a heading. */
  readonly paintTitle?: Painter | undefined;
}

const GAP = "  ";

/**
 * Lay out rows in aligned columns, two spaces apart. Too wide a table is cut with `…` where it hurts least: the widest
 * column gives way first.
 *
 * @param rows The data
 * @param columns What to show of a row
 * @param options Width and colours
 * @returns Lines with a line break each; nothing for no rows
 */
export function renderTable<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  options: RenderTableOptions = {},
): string {
  const { width = 80, paintTitle = (text) => text } = options;
  if (rows.length === 0) return "";
  const cells = rows.map((row) => columns.map((column) => cleanText(String(column.value(row) ?? ""))));
  const widths = fitWidths(naturalWidths(columns, cells), columns, width);
  const titles = columns.map((column) => column.title);
  const head = layLine(titles, columns, widths, (text) => paintTitle(text));
  const body = cells.map((line, index) =>
    layLine(line, columns, widths, (text, column) => column.paint?.(text, rows[index]!) ?? text)
  );
  return [head, ...body].map((line) => `${line}\n`).join("");
}

function naturalWidths<T>(columns: readonly Column<T>[], cells: readonly (readonly string[])[]): number[] {
  return columns.map((column, index) =>
    cells.reduce((most, line) => Math.max(most, textWidth(line[index]!)), textWidth(column.title))
  );
}

/** Take from the widest column that may still give, one by one, until the table fits or none gives. */
function fitWidths<T>(natural: number[], columns: readonly Column<T>[], width: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, one) => sum + one, 0) + GAP.length * (widths.length - 1) - width;
  while (excess > 0) {
    let widest = -1;
    for (const [index, one] of widths.entries()) {
      const mayGive = one > (columns[index]!.minWidth ?? 8);
      if (mayGive && (widest === -1 || one > widths[widest]!)) widest = index;
    }
    if (widest === -1) return widths;
    widths[widest]!--;
    excess--;
  }
  return widths;
}

/** The last column gets no spaces after it, so that copied lines are clean. */
function layLine<T>(
  texts: readonly string[],
  columns: readonly Column<T>[],
  widths: readonly number[],
  paint: (text: string, column: Column<T>) => string,
): string {
  return columns.map((column, index) => {
    const text = truncateText(texts[index]!, widths[index]!);
    const filling = " ".repeat(widths[index]! - textWidth(text));
    const painted = text === "" ? text : paint(text, column);
    if (column.align === "right") return filling + painted;
    return index === columns.length - 1 ? painted : painted + filling;
  }).join(GAP).trimEnd();
}
