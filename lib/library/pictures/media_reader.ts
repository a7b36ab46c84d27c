/** Reads `length` bytes at `offset`, fewer only at the end. */
export type ReadBytes = (offset: number, length: number) => Promise<Uint8Array>;

const BUFFER_BYTES = 64 * 1024;
const NOTHING = new Uint8Array(0);

/** Reads a file forward in small steps; skipped bytes are not read. Uses one buffer of 64 KiB. */
export class MediaReader {
  /** Size of the file, in bytes. */
  readonly sizeBytes: number;
  readonly #read: ReadBytes;
  #buffer: Uint8Array = NOTHING;
  #bufferStart = 0;
  #position = 0;

  constructor(read: ReadBytes, sizeBytes: number) {
    this.#read = read;
    this.sizeBytes = sizeBytes;
  }

  /** Offset of the next byte. */
  get position(): number {
    return this.#position;
  }

  /** Number of bytes from the current position to the end. */
  get left(): number {
    return this.sizeBytes - this.#position;
  }

  /** Skip bytes; return false and skip nothing if the file has fewer. */
  skip(count: number): boolean {
    if (count > this.left) return false;
    this.#position += count;
    return true;
  }

  /** Return the next bytes, up to 64 KiB, without consuming them; `null` if the file has fewer. */
  async peek(count: number): Promise<Uint8Array | null> {
    if (count > this.left) return null;
    const ready = this.#ready();
    const bytes = ready.length >= count ? ready : await this.#fill();
    // There are fewer bytes than `sizeBytes` promises if the file was truncated in the meantime.
    return bytes.length < count ? null : bytes.subarray(0, count);
  }

  /** Read the next bytes; `null` if the file has fewer. Valid until the next call. */
  async take(count: number): Promise<Uint8Array | null> {
    const bytes = await this.peek(count);
    if (bytes !== null) this.#position += count;
    return bytes;
  }

  /** Return the available next bytes, at least one, without consuming them; empty at the end of the file. */
  async peekAvailable(): Promise<Uint8Array> {
    const ready = this.#ready();
    return ready.length > 0 || this.left <= 0 ? ready : await this.#fill();
  }

  #ready(): Uint8Array {
    const start = this.#position - this.#bufferStart;
    return start >= 0 && start < this.#buffer.length ? this.#buffer.subarray(start) : NOTHING;
  }

  async #fill(): Promise<Uint8Array> {
    this.#buffer = await this.#read(this.#position, Math.min(BUFFER_BYTES, this.left));
    this.#bufferStart = this.#position;
    return this.#buffer;
  }
}
