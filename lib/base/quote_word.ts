/** No shell splits or expands these characters; `~`, `^` and `=` may only follow a letter or digit. */
const PLAIN_ASCII = /^(?:[\w@%+:,./-]|(?<=\w)[~^=])+$/;

/**
 * Quote a word of a command for a POSIX shell: a path, or the name of a branch, which may have any letters of a shell.
 */
export function quoteWord(word: string): string {
  return isPlain(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Whether no shell splits or expands a word, which may have letters of any language. */
function isPlain(word: string): boolean {
  // The expression for the letters of all languages takes two milliseconds to compile, which help need not wait for.
  return PLAIN_ASCII.test(word) ||
    /^(?:[\p{L}\p{M}\p{N}_@%+:,./-]|(?<=[\p{L}\p{M}\p{N}_])[~^=])+$/u.test(word);
}

/**
 * Write a command that a person may copy, as a template: every value in it becomes one word, or a part of one, whatever
 * letters it has. Text around the command stays as it is. `lint.ts` refuses commands with values in other templates.
 */
export function shell(texts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return String.raw({ raw: texts }, ...values.map((value) => quoteWord(String(value))));
}
