/** Numbers of a chunk: 512 KiB. */
const CHUNK = 65_536;

/**
 * A list of whole numbers or times that grows without copying: eight bytes for each number, where an array would need
 * twice as much while it grows.
 */
export class GrowingNumbers {
  readonly #chunks: Float64Array<ArrayBuffer>[] = [];
  #length = 0;

  /** The number of values. */
  get length(): number {
    return this.#length;
  }

  /** Append a value. */
  push(value: number): void {
    const index = this.#length % CHUNK;
    if (index === 0) this.#chunks.push(new Float64Array(CHUNK));
    this.#chunks.at(-1)![index] = value;
    this.#length++;
  }

  /** Return a value; `index` must be below the length. */
  at(index: number): number {
    return this.#chunks[Math.floor(index / CHUNK)]![index % CHUNK]!;
  }

  /** Replace a value; `index` must be below the length. */
  set(index: number, value: number): void {
    this.#chunks[Math.floor(index / CHUNK)]![index % CHUNK] = value;
  }
}
