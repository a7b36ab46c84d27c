import { createHash } from "node:crypto";

/** Maximum number of bytes to hash at the start of the file, and again right before the offset. */
const SPAN = 256;

/**
 * A fingerprint of the bytes before an offset of a file. It stays the same when the file is appended to. It changes
 * when the file is replaced, or truncated and rewritten. It is computed from bytes that were already read, so the file
 * cannot change between the read and the fingerprint.
 */
export class Anchor {
  /** The anchor of offset 0, which matches any file. */
  static readonly START = new Anchor(0, new Uint8Array(0), new Uint8Array(0));

  readonly offset: number;
  readonly #head: Uint8Array;
  readonly #tail: Uint8Array;
  #text: string | undefined;

  private constructor(offset: number, head: Uint8Array, tail: Uint8Array) {
    this.offset = offset;
    this.#head = head;
    this.#tail = tail;
  }

  /** Compute the anchor of an offset from a file; `null` if the file is shorter than that. */
  static async read(file: Deno.FsFile, offset: number): Promise<Anchor | null> {
    const head = new Uint8Array(Math.min(SPAN, offset));
    const tail = new Uint8Array(Math.min(SPAN, offset));
    if (await readAt(file, head, 0) < head.length) return null;
    if (await readAt(file, tail, offset - tail.length) < tail.length) return null;
    return new Anchor(offset, head, tail);
  }

  /** Return the anchor at the end of `bytes`, which follow this offset in the file. */
  after(bytes: Uint8Array): Anchor {
    const head = this.#head.length === SPAN ? this.#head : join(this.#head, bytes.subarray(0, SPAN)).slice(0, SPAN);
    return new Anchor(this.offset + bytes.length, head, join(this.#tail, bytes.subarray(-SPAN)).slice(-SPAN));
  }

  /** The fingerprint: 32 hexadecimal digits; empty at offset 0. */
  get text(): string {
    if (this.offset === 0) return "";
    return this.#text ??= createHash("sha256").update(this.#head).update(this.#tail).digest("hex").slice(0, 32);
  }
}

/**
 * Fill a buffer from an offset of the file. Returns the number of bytes read, which is less than the buffer's length
 * only at the end of the file.
 */
export async function readAt(file: Deno.FsFile, buffer: Uint8Array, offset: number): Promise<number> {
  await file.seek(offset, Deno.SeekMode.Start);
  let length = 0;
  while (length < buffer.length) {
    const count = await file.read(buffer.subarray(length));
    if (count === null) break;
    length += count;
  }
  return length;
}

/** Whether the first 256 bytes of two files agree over the length of the shorter one; an empty file matches none. */
export async function beginAlike(one: string, other: string): Promise<boolean> {
  const first = await readHead(one);
  const second = await readHead(other);
  const length = Math.min(first.length, second.length);
  return length > 0 && first.subarray(0, length).every((byte, index) => byte === second[index]);
}

async function readHead(path: string): Promise<Uint8Array> {
  let file: Deno.FsFile | undefined;
  try {
    file = await Deno.open(path);
    const head = new Uint8Array(SPAN);
    return head.subarray(0, await readAt(file, head, 0));
  } catch (error) {
    // The file has just been renamed: the next poll decides.
    if (error instanceof Deno.errors.NotFound) return new Uint8Array(0);
    throw error;
  } finally {
    file?.close();
  }
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
