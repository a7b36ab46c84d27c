import { cleanLines, type Redactor } from "../../base/mod.ts";
import { PAINT_CODE } from "./paint.ts";

/** Options of {@linkcode cleanOutput}. */
export interface CleanOutputOptions {
  /** Removes secrets from text. */
  readonly redact: Redactor;
  /** Whether to keep the color codes that `createPaint` writes. */
  readonly color: boolean;
}

/**
 * Make text safe to write to a terminal: remove secrets, and all control sequences except line breaks, tabs and, if
 * requested, the color codes of `createPaint`. Call it directly before writing.
 *
 * @param options The redactor, and whether colors are kept
 */
export function cleanOutput(text: string, { redact, color }: CleanOutputOptions): string {
  if (!color) return redact(cleanLines(text));
  // Redact last: an invisible character inside a secret must be removed before the redactor searches for the secret.
  return redact(text.split(PAINT_CODE).map((part, index) => index % 2 === 1 ? part : cleanLines(part)).join(""));
}
