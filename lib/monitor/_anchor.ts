import { createHash } from "node:crypto";

/** So many bytes of the head, and so many before the place, tell one file from another. */
const SPAN = 256;

/**
 * What stands before a place in a file, in short. A file that is only appended to keeps it; one that was replaced, or
 * truncated and written anew, has another. Made from bytes that were read, so that nothing can happen in between.
 */
export class Anchor {
  /** At the start of a file, where nothing can be said. */
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

  /** Read it from a file; `null` if the file is shorter. */
  static async read(file: Deno.FsFile, offset: number): Promise<Anchor | null> {
    const head = new Uint8Array(Math.min(SPAN, offset));
    const tail = new Uint8Array(Math.min(SPAN, offset));
    if (await readAt(file, head, 0) < head.length) return null;
    if (await readAt(file, tail, offset - tail.length) < tail.length) return null;
    return new Anchor(offset, head, tail);
  }

  /** The place after these bytes too. */
  after(bytes: Uint8Array): Anchor {
    const head = this.#head.length === SPAN ? this.#head : join(this.#head, bytes.subarray(0, SPAN)).slice(0, SPAN);
    return new Anchor(this.offset + bytes.length, head, join(this.#tail, bytes.subarray(-SPAN)).slice(-SPAN));
  }

  /** Hexadecimal; empty at the start of a file. */
  get text(): string {
    if (this.offset === 0) return "";
    return this.#text ??= createHash("sha256").update(this.#head).update(this.#tail).digest("hex").slice(0, 32);
  }
}

/** Fill a buffer from a place in the file, as far as the file reaches. */
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

/** Whether two files begin with the same bytes, as far as the shorter one reaches; an empty one is like no other. */
export async function beginAlike(one: string, other: string): Promise<boolean> {
  const first = await readHead(one);
  const second = await readHead(other);
  const length = Math.min(first.length, second.length);
  return length > 0 && first.subarray(0, length).every((byte, index) => byte === second[index]);
}

async function readHead(path: string): Promise<Uint8Array> {
  try {
    using file = await Deno.open(path);
    const head = new Uint8Array(SPAN);
    return head.subarray(0, await readAt(file, head, 0));
  } catch (error) {
    // Renamed meanwhile: the next look decides.
    if (error instanceof Deno.errors.NotFound) return new Uint8Array(0);
    throw error;
  }
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
