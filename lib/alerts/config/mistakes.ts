import { closest } from "../../base/mod.ts";
import { AlertConfigError, type ConfigMistake } from "./alert_config_error.ts";
import type { YamlPath, YamlText } from "./read_yaml.ts";

/** How a mistake is told. */
export interface MistakeOptions {
  /** What would be right. */
  readonly hint?: string | undefined;
  /** Point at the key, not at its value. */
  readonly atKey?: boolean;
  /** Point at this part of the value. */
  readonly within?: string;
}

/** Collects what is wrong with a file, so that all of it is told at once. */
export class Mistakes {
  readonly #text: YamlText;
  readonly #found: ConfigMistake[];

  constructor(text: YamlText) {
    this.#text = text;
    this.#found = [...text.mistakes];
  }

  /** Whether nothing is wrong so far. */
  get isEmpty(): boolean {
    return this.#found.length === 0;
  }

  add(path: YamlPath, message: string, options: MistakeOptions = {}): void {
    const { hint, atKey = false, within } = options;
    const place = atKey ? this.#text.placeOfKey(path) : this.#text.placeOf(path, within);
    this.#found.push({ ...place, message, ...hint === undefined ? {} : { hint } });
  }

  /** Say that a word names nothing, and what was probably meant. */
  addUnknown(path: YamlPath, what: string, word: string, known: readonly string[]): void {
    const near = closest(word, known) ?? known.find((name) => word.length > 2 && name.startsWith(word));
    const all = known.length === 0 ? "there is none" : `there are ${known.slice(0, 20).join(", ")}`;
    this.add(path, `no ${what} is named "${word}"`, {
      hint: near === undefined ? capital(all) : `Did you mean "${near}"?`,
    });
  }

  /** Run what may throw a SyntaxError, and note it; `undefined` then. */
  try<T>(path: YamlPath, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const [message, ...hint] = error.message.split(": ");
      this.add(path, uncapital(message!), hint.length === 0 ? {} : { hint: capital(hint.join(": ")) });
      return undefined;
    }
  }

  /** End with all that was found, if anything was. */
  throwIfAny(file: string): void {
    if (!this.isEmpty) throw new AlertConfigError(file, this.#found);
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function uncapital(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
