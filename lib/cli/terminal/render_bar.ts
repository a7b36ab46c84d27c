/** Options of {@linkcode renderBar}. */
export interface RenderBarOptions {
  /**
   * Whether the terminal supports block characters; otherwise the bar consists of `#` and `-`.
   *
   * @default {true}
   */
  readonly unicode?: boolean;
}

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/**
 * Draw a progress bar with a resolution of an eighth of a column.
 *
 * @param fraction The progress from 0 to 1; other values are clamped, and NaN counts as 0
 * @param width The width in columns
 * @param options The character set
 * @returns A string of exactly `width` columns
 */
export function renderBar(fraction: number, width: number, options: RenderBarOptions = {}): string {
  const { unicode = true } = options;
  const share = Number.isNaN(fraction) ? 0 : Math.min(1, Math.max(0, fraction));
  if (!unicode) return "#".repeat(Math.floor(share * width)).padEnd(width, "-");
  const eighths = Math.floor(share * width * 8);
  const full = "█".repeat(Math.floor(eighths / 8));
  return (full + EIGHTHS[eighths % 8]).padEnd(width, "░");
}
