/** Words that occur in many rows, by number: types, base models, creators, tags, folders. 0 stands for none. */
export class Terms {
  readonly #values: string[] = [""];
  readonly #ids = new Map<string, number>();

  /** Take the known words. */
  constructor(known: Iterable<readonly [id: number, value: string]>) {
    for (const [id, value] of known) this.add(id, value);
  }

  /** One more than the highest number. */
  get size(): number {
    return this.#values.length;
  }

  /** Return the number of a word; `undefined` if it is unknown. */
  idOf(value: string): number | undefined {
    return this.#ids.get(value);
  }

  /** Return a word; "" for 0. */
  valueOf(id: number): string {
    return this.#values[id] ?? "";
  }

  /** Add a word. */
  add(id: number, value: string): void {
    this.#values[id] = value;
    this.#ids.set(value, id);
  }
}
