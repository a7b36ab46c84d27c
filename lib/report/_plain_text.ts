// deno-lint-ignore no-control-regex
const ANSI = /\x1b\[[0-9;]*[A-Za-z]/g;
// What XML 1.0 cannot carry, even escaped.
// deno-lint-ignore no-control-regex
const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

/** A text without colours and control characters; line breaks stay. */
export function plainText(text: string): string {
  return text.replaceAll(ANSI, "").replaceAll(CONTROLS, "\ufffd").toWellFormed();
}

/** A text on one line. */
export function plainLine(text: string): string {
  return plainText(text).replaceAll(/\s*[\r\n]+\s*/g, " ").trim();
}
