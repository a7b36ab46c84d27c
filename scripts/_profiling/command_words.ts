import { closest, KitError } from "../../lib/base/mod.ts";

/** Options of {@linkcode commandWords}. */
export interface CommandWordsOptions {
  /** What would be done with the command, as in "profile". */
  readonly what: string;
  /** Names of the commands that there are. */
  readonly names: readonly string[];
}

/**
 * Complete the words of a command that is not run directly: as on the command line, `download` may be left out before its
 * flags. A first word that is no command is refused, because it would be taken for a target.
 *
 * @returns The words, with the name of the command first
 * @throws {KitError} `usage` if there is no such command
 */
export function commandWords(words: readonly string[], { what, names }: CommandWordsOptions): readonly string[] {
  const [verb = ""] = words;
  if (verb.startsWith("-")) return ["download", ...words];
  if (names.includes(verb)) return words;
  const near = closest(verb, names);
  throw new KitError("usage", `Cannot ${what} "${verb}": there is no such command`, {
    hint: near === undefined ? "civitai-dl --help lists the commands" : `Did you mean ${near}?`,
  });
}
