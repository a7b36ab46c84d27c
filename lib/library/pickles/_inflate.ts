import { constants, inflateRawSync } from "node:zlib";
import type { ByteReader } from "./byte_reader.ts";
import type { ByteSource } from "./_byte_cursor.ts";
import type { ScanBudget } from "./_scan_budget.ts";
import { BadZip } from "./_zip_directory.ts";

/** A deflated byte becomes a thousand at most: what one piece unpacks to stays small. */
const PIECE_BYTES = 16_384;

/** What the first bytes of a deflated entry unpack to; `null` if they do not, which whoever reads all of it will tell. */
export function inflateHead(packed: Uint8Array): Uint8Array | null {
  try {
    return inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

/** What comes out of a deflated entry, piece by piece; it must be cancelled or read to its end. */
export class InflatedSource implements ByteSource, AsyncDisposable {
  readonly #output: ReadableStreamDefaultReader<Uint8Array>;
  readonly #budget: ScanBudget;
  /** To be left out of what comes next. */
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
    // What failed has been told.
    await this.#output.cancel().catch(() => {});
  }
}
