const POWERS: Readonly<Record<string, number>> = { "": 0, k: 1, m: 2, g: 3, t: 4 };

/**
 * Parse a size: a number of bytes, or a number with `K`, `M`, `G` or `T` (powers of 1024, with or without `B` or `iB`).
 * A trailing `/s` is ignored, so that rates can be parsed too.
 *
 * @returns Bytes, rounded to an integer
 * @throws {SyntaxError} If the text is not a size
 */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(i?b)?(?:\/s)?$/i.exec(text.trim());
  if (match === null) throw new SyntaxError(`Cannot parse size "${text}": write bytes, or 500K, 20M, 1.5G`);
  return Math.round(Number(match[1]) * 1024 ** POWERS[match[2]!.toLowerCase()]!);
}

/** Format a size for display: `912 B`, `4.2 KiB`, `1.50 GiB`. */
export function formatSize(bytes: number): string {
  if (Math.round(bytes) < 1024) return `${Math.round(bytes)} B`;
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let value = bytes / 1024;
  let index = 0;
  while (value >= 1023.5 && index < units.length - 1) {
    value /= 1024;
    index++;
  }
  return `${value.toFixed(index < 2 ? 1 : 2)} ${units[index]}`;
}
