import { cleanText } from "../../base/mod.ts";
import type { Painter } from "./paint.ts";
import { textWidth } from "./text_width.ts";
import { truncateToWidth } from "./truncate_to_width.ts";

/** One column of a table whose rows are of type `T`. */
export interface Column<T> {
  /** The heading of the column. */
  readonly title: string;
  /** Returns the content of a cell; `undefined` leaves it empty. */
  readonly value: (row: T) => string | number | undefined;
  /**
   * The alignment of the cells.
   *
   * @default {"left"}
   */
  readonly align?: "left" | "right";
  /**
   * The column is never truncated to fewer terminal columns than this. By default, a right-aligned column is never
   * truncated: a cut number is another number.
   *
   * @default {8}
   */
  readonly minWidth?: number;
  /**
   * Shortens a cell that is too wide. The result may be wider than asked for in the last column, which then exceeds the
   * table's width in this row.
   *
   * @default {truncateToWidth}
   */
  readonly shorten?: (text: string, width: number) => string;
  /** Applies a style to a cell; the layout ignores the added codes. */
  readonly paint?: (text: string, row: T) => string;
}

/** Options of {@linkcode renderTable}. */
export interface RenderTableOptions {
  /**
   * The columns of the terminal; `Infinity` for no limit.
   *
   * @default {80}
   */
  readonly width?: number;
  /** Applies a style to a heading. */
  readonly paintTitle?: Painter | undefined;
}

const GAP = "  ";

/**
 * Lay out rows in aligned columns, two spaces apart. If the table is too wide, cells are shortened with `…`, those of the
 * widest column first.
 *
 * @param columns The columns, from left to right
 * @returns Lines, each with a line break; empty if there are no rows
 */
export function renderTable<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  options: RenderTableOptions = {},
): string {
  const { width = 80, paintTitle = (text) => text } = options;
  if (rows.length === 0) return "";
  const cells = rows.map((row) => columns.map((column) => cleanText(String(column.value(row) ?? ""))));
  const widths = width === Infinity
    ? naturalWidths(columns, cells)
    : fitWidths(naturalWidths(columns, cells), columns, width);
  const titles = columns.map((column) => column.title);
  const layout = { columns, widths, isCut: width !== Infinity };
  const head = renderLine(titles, layout, (text) => paintTitle(text));
  const body = cells.map((line, index) =>
    renderLine(line, layout, (text, column) => column.paint?.(text, rows[index]!) ?? text)
  );
  return [head, ...body].map((line) => `${line}\n`).join("");
}

/**
 * Write rows as fields that tabs separate, whole and without padding, for `cut -f` and other programs.
 *
 * @param columns The columns, from left to right; only their titles and values count
 * @returns Lines, each with a line break, the first of titles; empty if there are no rows
 */
export function renderFields<T>(
  rows: readonly T[],
  columns: readonly Pick<Column<T>, "title" | "value">[],
): string {
  if (rows.length === 0) return "";
  // A clean cell has no tab.
  const lines = rows.map((row) => columns.map(({ value }) => cleanText(String(value(row) ?? ""))));
  return [columns.map(({ title }) => title), ...lines].map((fields) => `${fields.join("\t")}\n`).join("");
}

function naturalWidths<T>(columns: readonly Column<T>[], cells: readonly (readonly string[])[]): number[] {
  return columns.map((column, index) =>
    cells.reduce((most, line) => Math.max(most, textWidth(line[index]!)), textWidth(column.title))
  );
}

/** Shrink the widest shrinkable column, one terminal column at a time, until the table fits or no column can shrink. */
function fitWidths<T>(natural: number[], columns: readonly Column<T>[], width: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, one) => sum + one, 0) + GAP.length * (widths.length - 1) - width;
  while (excess > 0) {
    let widest = -1;
    for (const [index, one] of widths.entries()) {
      const { align, minWidth = align === "right" ? Infinity : 8 } = columns[index]!;
      const canShrink = one > minWidth;
      if (canShrink && (widest === -1 || one > widths[widest]!)) widest = index;
    }
    if (widest === -1) return widths;
    widths[widest]!--;
    excess--;
  }
  return widths;
}

interface Layout<T> {
  readonly columns: readonly Column<T>[];
  readonly widths: readonly number[];
  /** Whether cells that are too wide are shortened. */
  readonly isCut: boolean;
}

/** Lay out one line without trailing spaces, so that it can be copied cleanly. */
function renderLine<T>(
  texts: readonly string[],
  { columns, widths, isCut }: Layout<T>,
  paint: (text: string, column: Column<T>) => string,
): string {
  return columns.map((column, index) => {
    const { shorten = truncateToWidth } = column;
    const text = isCut ? shorten(texts[index]!, widths[index]!) : texts[index]!;
    const padding = " ".repeat(Math.max(0, widths[index]! - textWidth(text)));
    const painted = text === "" ? text : paint(text, column);
    if (column.align === "right") return padding + painted;
    return index === columns.length - 1 ? painted : painted + padding;
  }).join(GAP).trimEnd();
}
