import { cleanText, createRedactor, cutText } from "../../base/mod.ts";

/** A structured line of a log. */
export type LogRecord = Readonly<Record<string, unknown>>;

/** A line may be of another program, which wrote a key or a signed address into it. */
const REDACT = createRedactor();

/** Read a line of JSON; `null` for any other, such as half a line after a crash. */
export function parseRecord(line: string): LogRecord | null {
  if (!line.trimStart().startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value as LogRecord : null;
  } catch {
    // Then it is text.
    return null;
  }
}

/** A text that says something, or `null`. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** So much of a foreign text as is shown; a secret that stands across the cut goes whole. */
export function quote(text: string, maxLength: number): string {
  const line = REDACT(cleanText(text));
  return line.length <= maxLength ? line : cutText(line, maxLength + 1);
}

/** A message without what differs from file to file: quoted names, hashes and numbers. */
export function patternOf(message: string): string {
  return message.replaceAll(/"[^"]*"/g, '""').replaceAll(/\b[0-9a-fA-F]{8,}\b/g, "#").replaceAll(/\d+(\.\d+)?/g, "#");
}
