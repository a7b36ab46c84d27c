/** Options of {@linkcode renderBar}. */
export interface RenderBarOptions {
  /**
   * Whether the terminal shows block characters.
   *
   * @default {true}
   */
  readonly unicode?: boolean;
}

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/**
 * Draw a bar of progress, exact to an eighth of a column.
 *
 * @param fraction 0 to 1; anything outside is cut to it
 * @param width Columns
 * @param options Characters
 * @returns Exactly `width` columns
 */
export function renderBar(fraction: number, width: number, options: RenderBarOptions = {}): string {
  const { unicode = true } = options;
  const share = Number.isNaN(fraction) ? 0 : Math.min(1, Math.max(0, fraction));
  if (!unicode) return "#".repeat(Math.floor(share * width)).padEnd(width, "-");
  const eighths = Math.floor(share * width * 8);
  const full = "█".repeat(Math.floor(eighths / 8));
  return (full + EIGHTHS[eighths % 8]).padEnd(width, "░");
}
