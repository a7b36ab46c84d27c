import { cleanLines, type Redactor } from "../../base/mod.ts";
import { PAINT_CODE } from "./paint.ts";

/** Options of {@linkcode cleanOutput}. */
export interface CleanOutputOptions {
  /** Removes secrets. */
  readonly redact: Redactor;
  /** Whether the text may hold colours of our own. */
  readonly color: boolean;
}

/**
 * Make a text fit for a terminal, at the last moment before it is written: no secrets, and of all that a terminal obeys
 * only line breaks, tabs and our own colours.
 *
 * @param text What is to be shown
 * @param options Secrets and colours
 * @returns The text that may be written
 */
export function cleanOutput(text: string, { redact, color }: CleanOutputOptions): string {
  if (!color) return redact(cleanLines(text));
  // Secrets go last: a character that nobody sees must not hide one.
  return redact(text.split(PAINT_CODE).map((part, at) => at % 2 === 1 ? part : cleanLines(part)).join(""));
}
