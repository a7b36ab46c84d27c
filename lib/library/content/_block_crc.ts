import { crc32 } from "node:zlib";

/** Computes the CRC-32 of each block of a stream of bytes. */
export class BlockCrc {
  readonly #blockBytes: number;
  readonly #done: number[] = [];
  #crc = 0;
  #filled = 0;

  constructor(blockBytes: number) {
    if (!Number.isSafeInteger(blockBytes) || blockBytes < 1) {
      throw new RangeError(
        `Cannot hash blocks as "blockBytes" must be a whole number from 1: current value is ${blockBytes}`,
      );
    }
    this.#blockBytes = blockBytes;
  }

  /** Add the next bytes, of any length. */
  update(bytes: Uint8Array): void {
    for (let rest = bytes; rest.length > 0;) {
      const part = rest.subarray(0, this.#blockBytes - this.#filled);
      this.#crc = crc32(part, this.#crc);
      this.#filled += part.length;
      rest = rest.subarray(part.length);
      if (this.#filled === this.#blockBytes) this.#close();
    }
  }

  /** Return the CRC-32 of every block, including an incomplete last one. */
  digest(): Uint32Array {
    if (this.#filled > 0) this.#close();
    return Uint32Array.from(this.#done);
  }

  #close(): void {
    this.#done.push(this.#crc);
    this.#crc = 0;
    this.#filled = 0;
  }
}
