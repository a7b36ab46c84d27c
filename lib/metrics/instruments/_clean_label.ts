import { cleanText } from "../../base/mod.ts";

/** Maximum length of a label's value, which must fit into a table row. */
const MAX_LENGTH = 128;
const CLEAN = /^[\x20-\x7e]{0,128}$/;

/** Reduce a label's value to one short line of well-formed Unicode. */
export function cleanLabel(value: string): string {
  if (CLEAN.test(value)) return value;
  return cleanText(value.slice(0, 4 * MAX_LENGTH)).slice(0, MAX_LENGTH).toWellFormed();
}
