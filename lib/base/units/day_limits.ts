import { parseSize } from "./size.ts";

/** Limits for any period of 24 hours; `null` means no limit. */
export interface DayLimits {
  /** Maximum number of requests to the download route. */
  readonly links: number | null;
  /** Maximum number of bytes of files and images. */
  readonly bytes: number | null;
}

/**
 * Parse limits per day. An integer is a number of download links, and a size with a unit is a number of bytes. Either
 * may be omitted.
 *
 * @param text The text that the user wrote, such as `1000, 200G`, `1000` or `200G`
 * @returns The limits
 * @throws {SyntaxError} If a part is neither or is 0, or if a limit is specified twice
 */
export function parseDayLimits(text: string): DayLimits {
  const terms = text.split(",").map((term) => term.trim());
  const counts = terms.filter((term) => /^\d+$/.test(term)).map(Number);
  const sizes = terms.filter((term) => /^\d+(?:\.\d+)?\s*[kmgt](?:i?b)?$/i.test(term)).map(parseSize);
  const isSound = counts.length <= 1 && sizes.length <= 1 && counts.length + sizes.length === terms.length &&
    [...counts, ...sizes].every((value) => Number.isSafeInteger(value) && value > 0);
  if (isSound) return { links: counts[0] ?? null, bytes: sizes[0] ?? null };
  throw new SyntaxError(
    `Cannot parse quota "${text}": write a number of links, a size with its unit, or both, such as "1000, 200G"`,
  );
}
