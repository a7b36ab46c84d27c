import { cleanText } from "../../base/mod.ts";

/** A label's value is for people and for rows of a table: longer ones are texts. */
const MAX_LENGTH = 128;
const CLEAN = /^[\x20-\x7e]{0,128}$/;

/** Make one short line of well-formed Unicode of a label's value. */
export function cleanLabel(value: string): string {
  if (CLEAN.test(value)) return value;
  return cleanText(value.slice(0, 4 * MAX_LENGTH)).slice(0, MAX_LENGTH).toWellFormed();
}
