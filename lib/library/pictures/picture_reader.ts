import { readAt } from "../content/read_at.ts";

const BUFFER_BYTES = 64 * 1024;
const NOTHING = new Uint8Array(0);

/** Reads a file from its first byte on in small steps; what is skipped is not read. Memory is one buffer of 64 KiB. */
export class PictureReader {
  /** Size of the file. */
  readonly sizeBytes: number;
  readonly #file: Deno.FsFile;
  #buffer: Uint8Array = NOTHING;
  #bufferStart = 0;
  #position = 0;

  constructor(file: Deno.FsFile, sizeBytes: number) {
    this.#file = file;
    this.sizeBytes = sizeBytes;
  }

  /** Offset of the next byte. */
  get position(): number {
    return this.#position;
  }

  /** Bytes from there to the end. */
  get left(): number {
    return this.sizeBytes - this.#position;
  }

  /** Pass over bytes; `false`, and nothing done, if the file has fewer. */
  skip(count: number): boolean {
    if (count > this.left) return false;
    this.#position += count;
    return true;
  }

  /** Look at the next bytes, at most 64 KiB, without passing over them; `null` if the file has fewer. */
  async peek(count: number): Promise<Uint8Array | null> {
    if (count > this.left) return null;
    const ready = this.#ready();
    const bytes = ready.length >= count ? ready : await this.#fill();
    // Fewer than the size said when the file was cut meanwhile.
    return bytes.length < count ? null : bytes.subarray(0, count);
  }

  /** Read the next bytes; `null` if the file has fewer. They are valid until the next call. */
  async take(count: number): Promise<Uint8Array | null> {
    const bytes = await this.peek(count);
    if (bytes !== null) this.#position += count;
    return bytes;
  }

  /** Look at some of the next bytes, at least one, without passing over them; none at the end. */
  async some(): Promise<Uint8Array> {
    const ready = this.#ready();
    return ready.length > 0 || this.left <= 0 ? ready : await this.#fill();
  }

  #ready(): Uint8Array {
    const at = this.#position - this.#bufferStart;
    return at >= 0 && at < this.#buffer.length ? this.#buffer.subarray(at) : NOTHING;
  }

  async #fill(): Promise<Uint8Array> {
    this.#buffer = await readAt(this.#file, this.#position, Math.min(BUFFER_BYTES, this.left));
    this.#bufferStart = this.#position;
    return this.#buffer;
  }
}
