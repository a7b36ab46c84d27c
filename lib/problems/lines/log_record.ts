import { cleanText, createRedactor, isRecord, truncateText } from "../../base/mod.ts";

/** A parsed line of a structured log. */
export type LogRecord = Readonly<Record<string, unknown>>;

/** Lines may come from another program, which may have logged a key or a signed URL. */
const REDACT = createRedactor();

/** Parse a line of JSON; `null` for any other line, such as half a line after a crash. */
export function parseLogRecord(line: string): LogRecord | null {
  if (!line.trimStart().startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : null;
  } catch {
    // The line is plain text.
    return null;
  }
}

/** The path of the item that a line is about; `null` if it names none. */
export function itemPathOf({ item }: LogRecord): string | null {
  return isRecord(item) ? textOf(item.path) : null;
}

/** The value if it is a non-empty string, otherwise `null`. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/**
 * Clean text from another program for display, and truncate it. It is redacted first, so that no part of a secret
 * remains.
 *
 * @param maxLength Maximum length, to which the mark of a cut is added
 */
export function quoteText(text: string, maxLength: number): string {
  return truncateText(REDACT(cleanText(text)), maxLength + 1);
}
