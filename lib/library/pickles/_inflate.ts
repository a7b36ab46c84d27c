import { constants, inflateRawSync } from "node:zlib";
import type { ByteReader } from "./byte_reader.ts";
import type { PickleSource } from "./_byte_cursor.ts";
import type { ScanBudget } from "./_scan_budget.ts";
import { BadZip } from "./_zip_directory.ts";

/** Deflate expands a byte to no more than about a thousand bytes, so the output of one piece stays small. */
const PIECE_BYTES = 16_384;

/**
 * Inflate the first bytes of a deflated entry; `null` if that fails. The code that reads the whole entry reports the
 * error.
 */
export function inflateHead(packed: Uint8Array): Uint8Array | null {
  try {
    return inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

/** The inflated bytes of an entry, piece by piece. Read it to its end, or dispose it. */
export class InflatedSource implements PickleSource, AsyncDisposable {
  readonly #output: ReadableStreamDefaultReader<Uint8Array>;
  readonly #budget: ScanBudget;
  /** Bytes of the output still to skip. */
  #leftOut = 0;

  constructor(packed: ByteReader, budget: ScanBudget) {
    this.#budget = budget;
    let offset = 0;
    const input = new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        const piece = await packed.read(offset, PIECE_BYTES);
        offset += piece.length;
        if (piece.length === 0) controller.close();
        else controller.enqueue(piece.slice());
      },
    }, { highWaterMark: 0 });
    this.#output = input.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  }

  async pull(): Promise<Uint8Array | null> {
    for (;;) {
      const piece = await this.#read();
      if (piece === null) return null;
      this.#budget.takeInflated(piece.length);
      const count = Math.min(this.#leftOut, piece.length);
      this.#leftOut -= count;
      if (count < piece.length) return piece.subarray(count);
    }
  }

  leaveOut(count: number): Promise<void> {
    this.#leftOut += count;
    return Promise.resolve();
  }

  async #read(): Promise<Uint8Array | null> {
    try {
      return (await this.#output.read()).value ?? null;
    } catch (error) {
      if (error instanceof TypeError) throw new BadZip("has an entry that cannot be unpacked");
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The read that failed has already reported the error.
    await this.#output.cancel().catch(() => {});
  }
}
