import { MAX_HEAD_BYTES } from "./parse_response_head.ts";
import type { Socket } from "./socket_seams.ts";

/** Fits most heads; the buffer grows for a longer one. */
const FIRST_BUFFER_BYTES = 16_384;

/** The bytes of a socket: heads are read through a buffer, bodies directly into the caller's memory. */
export class ByteSource {
  readonly #socket: Pick<Socket, "read">;
  #buffer = new Uint8Array(FIRST_BUFFER_BYTES);
  #start = 0;
  #end = 0;
  #ahead: Promise<number | null> | undefined;
  #filled = 0;

  /**
   * Start with an empty buffer; nothing is read yet.
   *
   * @param socket The open socket
   */
  constructor(socket: Pick<Socket, "read">) {
    this.#socket = socket;
  }

  /** Number of bytes in the buffer that have not been taken yet. */
  get buffered(): number {
    return this.#end - this.#start;
  }

  /** Total number of bytes that were read into the buffer. */
  get filled(): number {
    return this.#filled;
  }

  /**
   * Start reading into the buffer; the next head begins with these bytes.
   *
   * @returns Resolves with the number of bytes read, or with `null` at the end
   */
  readAhead(): Promise<number | null> {
    if (this.#ahead === undefined) this.#makeRoom();
    return this.#ahead ??= this.#socket.read(this.#buffer.subarray(this.#end));
  }

  /**
   * Take a complete head, including its blank line.
   *
   * @returns The head, valid until the next call, or `null` if the bytes ended before it was complete
   * @throws {SyntaxError} If the head exceeds `MAX_HEAD_BYTES`, or a line of it ends without CR
   */
  async takeHead(): Promise<Uint8Array | null> {
    for (let searched = 0;;) {
      const bytes = this.#buffer.subarray(this.#start, this.#end);
      const length = findHeadEnd(bytes, searched);
      if (length >= 0) {
        this.#start += length;
        return bytes.subarray(0, length);
      }
      if (bytes.length >= MAX_HEAD_BYTES) throw new SyntaxError(`the head has more than ${MAX_HEAD_BYTES} bytes`);
      searched = bytes.length;
      if (!await this.#fill()) return null;
    }
  }

  /**
   * Read some bytes of a body.
   *
   * @param target Filled from its start
   * @returns Bytes read, or `null` at the end
   */
  read(target: Uint8Array): Promise<number | null> {
    const count = Math.min(this.buffered, target.length);
    if (count === 0) return this.#socket.read(target);
    target.set(this.#buffer.subarray(this.#start, this.#start + count));
    this.#start += count;
    return Promise.resolve(count);
  }

  async #fill(): Promise<boolean> {
    const count = await this.readAhead();
    this.#ahead = undefined;
    this.#end += count ?? 0;
    this.#filled += count ?? 0;
    return count !== null;
  }

  #makeRoom(): void {
    if (this.buffered === 0) this.#start = this.#end = 0;
    if (this.#end < this.#buffer.length) return;
    const bytes = this.#buffer.subarray(this.#start, this.#end);
    const room = bytes.length * 2 > this.#buffer.length ? new Uint8Array(this.#buffer.length * 2) : this.#buffer;
    room.set(bytes);
    this.#buffer = room;
    this.#start = 0;
    this.#end = bytes.length;
  }
}

/**
 * Find the end of a head whose first `searched` bytes have already been searched.
 *
 * @returns Length of the head, or -1 if its end has not arrived
 * @throws {SyntaxError} If a line ends without CR: waiting for the blank line of such a head would never end
 */
function findHeadEnd(bytes: Uint8Array, searched: number): number {
  for (let lf = bytes.indexOf(10, searched); lf >= 0; lf = bytes.indexOf(10, lf + 1)) {
    if (bytes[lf - 1] !== 13) throw new SyntaxError("a line of the head ends without CR LF");
    if (lf === 1 || bytes[lf - 2] === 10) return lf + 1;
  }
  return -1;
}
