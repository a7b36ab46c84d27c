import { shellQuote } from "./_completion_words.ts";

/**
 * Write a command line as a person types it: what a shell would take apart is quoted.
 *
 * @param words Program and arguments
 * @returns One line
 */
export function renderCommandLine(words: readonly string[]): string {
  return words.map((word) => /^[\w@%+=:,./-]+$/.test(word) ? word : shellQuote(word)).join(" ");
}
