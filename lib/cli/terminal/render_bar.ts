const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/**
 * Draw a progress bar with a resolution of an eighth of a column.
 *
 * @param fraction The progress from 0 to 1; other values are clamped, and NaN counts as 0
 * @param width The width in columns
 * @returns A string of exactly `width` columns
 */
export function renderBar(fraction: number, width: number): string {
  const share = Number.isNaN(fraction) ? 0 : Math.min(1, Math.max(0, fraction));
  const eighths = Math.floor(share * width * 8);
  const full = "█".repeat(Math.floor(eighths / 8));
  return (full + EIGHTHS[eighths % 8]).padEnd(width, "░");
}
