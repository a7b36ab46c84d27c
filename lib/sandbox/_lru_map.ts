/** A map that drops the least recently used entry beyond its limit. */
export class LruMap<K, V> {
  readonly #limit: number;
  readonly #entries = new Map<K, V>();

  /**
   * Create an empty map.
   *
   * @param limit Maximum number of entries
   */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Return the value of a key, which becomes the most recently used key. */
  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  /** Store a value. Beyond the limit, the least recently used value is dropped. */
  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#limit) return;
    for (const stalest of this.#entries.keys()) {
      this.#entries.delete(stalest);
      break;
    }
  }

  /** Return the value of a key. If there is none, create and store it. */
  getOrMake(key: K, make: () => V): V {
    const known = this.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.set(key, made);
    return made;
  }
}
