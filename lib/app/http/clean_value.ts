import { cleanLines, type Redactor } from "../../base/mod.ts";

/** Turns a value into JSON text that the server may send. */
export type ToText = (value: unknown) => string;

/**
 * Create a function that turns values into JSON, without secrets, terminal sequences and invisible characters: names and
 * messages come from creators, logs and other programs.
 */
export function cleanJson(redact: Redactor): ToText {
  return (value) => {
    // Most texts of a list are the same in each row, as the names of its fields are.
    const known = new Map<string, string>();
    const clean = (text: string): string => known.getOrInsertComputed(text, () => redact(cleanLines(text)));
    return JSON.stringify(mapTexts(value, clean));
  };
}

/** Map every string of a value, and the names of its fields; its structure stays the same. */
function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value);
  if (typeof value !== "object" || value === null) return value;
  // A library has columns of a hundred thousand numbers.
  if (Array.isArray(value)) return value.every(isNumber) ? value : value.map((part) => mapTexts(part, map));
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [map(name), mapTexts(part, map)]));
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
