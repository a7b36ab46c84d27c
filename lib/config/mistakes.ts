import { closest, TextError } from "../base/mod.ts";
import { ConfigError, type ConfigMistake } from "./config_error.ts";
import type { YamlPath, YamlText } from "./read_yaml.ts";

/** Options of {@linkcode Mistakes.add}. */
export interface MistakeOptions {
  /** What to write instead. */
  readonly hint?: string | undefined;
  /**
   * Report the position of the key instead of its value.
   *
   * @default {false}
   */
  readonly atKey?: boolean;
  /** Report the position of this part of the value. It has no effect if the value is written with escapes. */
  readonly within?: string;
}

/** Collects the mistakes in a file, so that one error reports all of them. */
export class Mistakes {
  readonly #text: YamlText;
  readonly #found: ConfigMistake[];

  /** Create a collection that starts with the mistakes in the YAML itself. */
  constructor(text: YamlText) {
    this.#text = text;
    this.#found = [...text.mistakes];
  }

  /** Whether no mistakes have been found so far. */
  get isEmpty(): boolean {
    return this.#found.length === 0;
  }

  /**
   * Add a mistake at the position of a value.
   *
   * @param path The path to the value; if it does not exist, the position of the nearest value around it is used
   * @param message What is wrong: lower case, no period
   */
  add(path: YamlPath, message: string, options: MistakeOptions = {}): void {
    const { hint, atKey = false, within } = options;
    const place = atKey ? this.#text.placeOfKey(path) : this.#text.placeOf(path, within);
    this.#found.push({ ...place, message, ...hint === undefined ? {} : { hint } });
  }

  /**
   * Add a mistake at the end of the file, for something that is missing.
   *
   * @param message What is wrong: lower case, no period
   */
  addAtEnd(message: string, options: { readonly hint: string }): void {
    this.#found.push({ ...this.#text.end, message, ...options });
  }

  /**
   * Add an unknown name, with the name that was probably meant. If none is similar, the hint lists the known names.
   *
   * @param what What the word should name, such as `metric`
   */
  addUnknown(path: YamlPath, what: string, word: string, known: readonly string[]): void {
    const near = closest(word, known) ?? known.find((name) => word.length > 2 && name.startsWith(word));
    const all = known.length === 0 ? "there is none" : `there are ${known.slice(0, 20).join(", ")}`;
    this.add(path, `no ${what} is named "${word}"`, {
      hint: near === undefined ? capitalize(all) : `Did you mean "${near}"?`,
    });
  }

  /**
   * Run a parser, and turn its `SyntaxError` into a mistake.
   *
   * @returns Its result, or `undefined` if it threw a `SyntaxError`
   */
  try<T>(path: YamlPath, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      if (error instanceof TextError) this.add(path, uncapitalize(error.state), { hint: capitalize(error.advice) });
      else this.add(path, uncapitalize(error.message));
      return undefined;
    }
  }

  /**
   * Throw if there are any mistakes.
   *
   * @throws {ConfigError} With all mistakes
   */
  throwIfAny(file: string): void {
    if (!this.isEmpty) throw new ConfigError(file, this.#found);
  }
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function uncapitalize(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
