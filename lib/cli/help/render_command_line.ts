import { shellQuote } from "./_completion_words.ts";

/**
 * Render a command line that can be pasted into a POSIX shell: words with special characters are quoted.
 *
 * @param words The program and its arguments
 * @returns The command line
 */
export function renderCommandLine(words: readonly string[]): string {
  return words.map((word) => /^[\w@%+=:,./-]+$/.test(word) ? word : shellQuote(word)).join(" ");
}
