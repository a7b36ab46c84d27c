/** A label's value is for people and for rows of a table: longer ones are texts. */
const MAX_LENGTH = 128;
// deno-lint-ignore no-control-regex -- control characters are what has to go
const DIRTY = /[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g;
const CLEAN = /^[\x20-\x7e]{0,128}$/;

/** Make one short line of well-formed Unicode of a label's value. */
export function cleanLabel(value: string): string {
  if (CLEAN.test(value)) return value;
  const line = value.slice(0, 4 * MAX_LENGTH).replace(DIRTY, " ").toWellFormed();
  return line.length <= MAX_LENGTH ? line : line.slice(0, MAX_LENGTH).toWellFormed();
}
