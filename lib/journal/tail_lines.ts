/** Options of {@linkcode tailLines}. */
export interface TailOptions {
  /** Maximum length of a line in bytes. A longer line is yielded as `null`. */
  readonly maxLineBytes: number;
  /** Number of bytes read at once. */
  readonly chunkBytes: number;
  /**
   * Number of bytes at the end of the file that are read. The line in which they begin is left out.
   *
   * @default {Infinity}
   */
  readonly maxBytes?: number | undefined;
  /** Stops reading; the reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Read the lines of a file from its end to its start. Only one chunk and one line are in memory at a time, however long
 * the file is.
 *
 * @returns The bytes of each non-empty line, without its line break; `null` for a line that is too long
 */
export async function* tailLines(file: Deno.FsFile, options: TailOptions): AsyncGenerator<Uint8Array | null> {
  const { maxLineBytes, chunkBytes, maxBytes = Infinity, signal } = options;
  let position = (await file.stat()).size;
  const first = Math.max(0, position - maxBytes);
  const line = new LineFromBehind(maxLineBytes);
  while (position > first) {
    signal?.throwIfAborted();
    const start = Math.max(first, position - chunkBytes);
    const chunk = await readAt(file, start, position - start);
    let end = chunk.length;
    for (let lineBreak = lastBreak(chunk, end); lineBreak >= 0; lineBreak = lastBreak(chunk, end)) {
      line.prepend(chunk.subarray(lineBreak + 1, end));
      if (!line.isEmpty) yield line.take();
      end = lineBreak;
    }
    line.prepend(chunk.subarray(0, end));
    position = start;
  }
  if (!line.isEmpty && first === 0) yield line.take();
}

/** Index of the last line break before `end`; -1 if there is none. */
function lastBreak(chunk: Uint8Array, end: number): number {
  return end === 0 ? -1 : chunk.lastIndexOf(10, end - 1);
}

/**
 * Read a range of a file. The result is shorter than requested only if the file was truncated in the meantime, since
 * appending makes it grow.
 */
async function readAt(file: Deno.FsFile, start: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  await file.seek(start, Deno.SeekMode.Start);
  let filled = 0;
  while (filled < length) {
    const count = await file.read(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/** Assembles a line from its pieces, the last piece first. */
class LineFromBehind {
  readonly #maxBytes: number;
  #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  prepend(piece: Uint8Array): void {
    this.#length += piece.length;
    if (this.#length > this.#maxBytes) this.#pieces = [];
    else if (piece.length > 0) this.#pieces.unshift(piece);
  }

  take(): Uint8Array | null {
    const pieces = this.#pieces;
    const length = this.#length;
    this.#pieces = [];
    this.#length = 0;
    if (length > this.#maxBytes) return null;
    const bytes = new Uint8Array(length);
    let offset = 0;
    for (const piece of pieces) {
      bytes.set(piece, offset);
      offset += piece.length;
    }
    return bytes;
  }
}
