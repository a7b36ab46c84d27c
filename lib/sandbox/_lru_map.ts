/** A map that forgets what was not asked for longest. */
export class LruMap<K, V> {
  readonly #limit: number;
  readonly #entries = new Map<K, V>();

  /**
   * Make one.
   *
   * @param limit How many entries it holds at most
   */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The value of a key, which becomes the freshest. */
  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  /** Keep a value; the stalest goes when there are too many. */
  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#limit) return;
    for (const stalest of this.#entries.keys()) {
      this.#entries.delete(stalest);
      break;
    }
  }

  /** The value of a key, made if it is not there. */
  getOrMake(key: K, make: () => V): V {
    const known = this.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.set(key, made);
    return made;
  }
}
