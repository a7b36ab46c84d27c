/** No shell splits or expands these characters, nor letters of any language; `~`, `^` and `=` may only follow one. */
const PLAIN = /^(?:[\p{L}\p{M}\p{N}_@%+:,./-]|(?<=[\p{L}\p{M}\p{N}_])[~^=])+$/u;

/**
 * Quote a word of a command for a POSIX shell: a path, or the name of a branch, which may have any letters of a shell.
 *
 * @param word Any text
 * @returns The word, in quotes if it needs them
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { quoteWord } from "./mod.ts";
 * assertEquals(["main", "my models", "a$(id)", ""].map(quoteWord), ["main", "'my models'", "'a$(id)'", "''"]);
 * ```
 */
export function quoteWord(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * Write a command that a person may copy, as a template: every value in it becomes one word, or a part of one, whatever
 * letters it has. Text around the command stays as it is. `lint.ts` refuses commands with values in other templates.
 *
 * @param texts The text of the template
 * @param values Words of the command
 * @returns The text with the quoted words
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { shell } from "./mod.ts";
 * const branch = "hotfix/$(id)";
 * assertEquals(shell`Look at it: git log origin/${branch}`, "Look at it: git log origin/'hotfix/$(id)'");
 * ```
 */
export function shell(texts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return String.raw({ raw: texts }, ...values.map((value) => quoteWord(String(value))));
}
