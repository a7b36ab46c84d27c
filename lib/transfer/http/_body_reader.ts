import { FailureError } from "../../failsafe/mod.ts";
import type { BodyFraming } from "./body_framing.ts";
import type { ByteSource } from "./_byte_source.ts";
import { ChunkedReader } from "./_chunked_reader.ts";

/** Reads one body to its end, and no byte further where the framing allows that. */
export interface BodyReader {
  /** Whether the end of the body was read. */
  readonly isDone: boolean;
  /** Whether bytes arrived after the end of the body, so that the connection must not be reused. */
  readonly hasLeftover: boolean;
  /** Remaining bytes of the body; `NaN` if unknown, `Infinity` if the body ends with its connection. */
  readonly leftBytes: number;
  /** See {@linkcode TransportResponse.read}. */
  read(target: Uint8Array): Promise<number | null>;
}

/**
 * Create the reader for a framing.
 *
 * @param framing How the body is framed
 * @param source Source of its bytes
 * @returns The reader; it throws `FailureError` "connection" if the body ends too early
 */
export function createBodyReader(framing: BodyFraming, source: ByteSource): BodyReader {
  switch (framing.type) {
    case "none":
      return new LengthReader(0, source);
    case "length":
      return new LengthReader(framing.bytes, source);
    case "chunked":
      return new ChunkedBodyReader(source);
    case "until-close":
      return new ClosingReader(source);
  }
}

class LengthReader implements BodyReader {
  readonly #source: ByteSource;
  readonly #bytes: number;
  #left: number;

  constructor(bytes: number, source: ByteSource) {
    this.#bytes = this.#left = bytes;
    this.#source = source;
  }

  get isDone(): boolean {
    return this.#left === 0;
  }

  get hasLeftover(): boolean {
    return this.#source.buffered > 0;
  }

  get leftBytes(): number {
    return this.#left;
  }

  async read(target: Uint8Array): Promise<number | null> {
    if (this.#left === 0) return null;
    const count = await this.#source.read(target.length > this.#left ? target.subarray(0, this.#left) : target);
    if (count === null) {
      throw new FailureError("connection", `the body ended at byte ${this.#bytes - this.#left} of ${this.#bytes}`);
    }
    this.#left -= count;
    return count;
  }
}

class ChunkedBodyReader implements BodyReader {
  readonly #source: ByteSource;
  readonly #chunks = new ChunkedReader();
  #leftover = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  get isDone(): boolean {
    return this.#chunks.isDone;
  }

  get hasLeftover(): boolean {
    return this.#leftover + this.#source.buffered > 0;
  }

  get leftBytes(): number {
    return this.isDone ? 0 : NaN;
  }

  async read(target: Uint8Array): Promise<number | null> {
    while (!this.#chunks.isDone) {
      const received = await this.#source.read(target);
      if (received === null) throw new FailureError("connection", "the body ended before its last chunk");
      if (target.length === 0) return 0;
      const { count, leftover } = this.#chunks.decode(target.subarray(0, received));
      this.#leftover = leftover;
      if (count > 0) return count;
    }
    return null;
  }
}

class ClosingReader implements BodyReader {
  readonly #source: ByteSource;
  readonly hasLeftover = false;
  readonly leftBytes = Infinity;
  isDone = false;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  async read(target: Uint8Array): Promise<number | null> {
    if (this.isDone) return null;
    const count = await this.#source.read(target);
    this.isDone = count === null;
    return count;
  }
}
