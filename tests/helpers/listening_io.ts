import { MemoryIo } from "../../lib/cli/mod.ts";

/** Resolves when a pattern appears on standard error. */
export class ListeningIo extends MemoryIo {
  readonly #word: RegExp;
  readonly #heard = Promise.withResolvers<string>();

  constructor(word: RegExp) {
    super();
    this.#word = word;
  }

  /** The group of the pattern's match. */
  get heard(): Promise<string> {
    return this.#heard.promise;
  }

  override writeErr(text: string): void {
    super.writeErr(text);
    const found = this.#word.exec(text);
    if (found !== null) this.#heard.resolve(found[1] ?? found[0]);
  }
}
