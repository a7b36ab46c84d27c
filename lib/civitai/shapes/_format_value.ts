import { cleanText, truncateText } from "../../base/mod.ts";

const MAX_CHARS = 40;

/** Format a value from a response for a message: short, on one line, without terminal sequences. */
export function formatValue(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  return `"${cleanText(truncateText(value, MAX_CHARS))}"`;
}
