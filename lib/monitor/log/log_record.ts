import { cleanText, createRedactor, truncateText } from "../../base/mod.ts";

/** A parsed line of a structured log. */
export type LogRecord = Readonly<Record<string, unknown>>;

/** Lines may come from another program, which may have logged a key or a signed URL. */
const REDACT = createRedactor();

/** Names of outcomes in logs of older versions, and what they are called now. */
const RENAMED: ReadonlyMap<unknown, string> = new Map([["quarantined", "corrupted"]]);

/** The name that an outcome has now: a log may begin with lines of an older version. */
export function outcomeNow(name: string): string {
  return RENAMED.get(name) ?? name;
}

/**
 * Parse a line of JSON; `null` for any other line, such as half a line after a crash. Outcomes of an older version get
 * the names that they have now.
 */
export function parseRecord(line: string): LogRecord | null {
  if (!line.trimStart().startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? renameOutcomes(value as LogRecord) : null;
  } catch {
    // The line is plain text.
    return null;
  }
}

function renameOutcomes(record: LogRecord): LogRecord {
  const { outcome, counts } = record;
  if (typeof outcome === "string") return RENAMED.has(outcome) ? { ...record, outcome: outcomeNow(outcome) } : record;
  if (typeof counts !== "object" || counts === null) return record;
  const entries = Object.entries(counts).map(([name, count]) => [outcomeNow(name), count] as const);
  return { ...record, counts: Object.fromEntries(entries) };
}

/** The value if it is a non-empty string, otherwise `null`. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/**
 * Clean text from another program for display, and truncate it. It is redacted first, so that no part of a secret
 * remains.
 */
export function quote(text: string, maxLength: number): string {
  const line = REDACT(cleanText(text));
  return line.length <= maxLength ? line : truncateText(line, maxLength + 1);
}
