/** No shell splits or expands these characters, nor letters of any language; `~`, `^` and `=` may only follow one. */
const PLAIN = /^(?:[\p{L}\p{M}\p{N}_@%+:,./-]|(?<=[\p{L}\p{M}\p{N}_])[~^=])+$/u;

/**
 * Quote a word of a command for a POSIX shell: a path, or the name of a branch, which may have any letters of a shell.
 */
export function quoteWord(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * Write a command that a person may copy, as a template: every value in it becomes one word, or a part of one, whatever
 * letters it has. Text around the command stays as it is. `lint.ts` refuses commands with values in other templates.
 */
export function shell(texts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return String.raw({ raw: texts }, ...values.map((value) => quoteWord(String(value))));
}
