const NEWLINE = 0x0a;
/**
 * Lines that are complete and short are decoded together, up to this number of bytes. A line is then a slice of their
 * text, which stays in memory as long as the line does.
 */
const BATCH_BYTES = 4096;

/** Counts of lines that a {@linkcode LineSplitter} dropped or cleaned. */
export interface SplitCounts {
  /** Lines that were dropped because they are longer than `maxBytes`. */
  tooLong: number;
  /**
   * Lines that contained NUL bytes, as left by a system crash or a truncated file. The NUL bytes are removed, and the
   * rest of the line is kept.
   */
  withNulBytes: number;
}

/** Splits bytes into lines, and buffers at most `maxBytes` of an unfinished line. */
export class LineSplitter {
  readonly #maxBytes: number;
  readonly #counts: SplitCounts;
  // Not fatal: an invalid byte must not hide the rest of the line. Marks are removed from every line, not only the first.
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** Bytes of the unfinished line, including those that are not buffered. */
  #openBytes = 0;
  #isTooLong = false;

  constructor(options: { readonly maxBytes: number; readonly counts: SplitCounts }) {
    this.#maxBytes = options.maxBytes;
    this.#counts = options.counts;
  }

  /** Bytes since the last newline. */
  get openBytes(): number {
    return this.#openBytes;
  }

  /** Add a chunk of bytes, and yield each line that it completes. The caller may reuse the buffer afterwards. */
  *push(bytes: Uint8Array): Generator<string> {
    const mayBatch = this.#maxBytes >= BATCH_BYTES && !bytes.includes(0);
    let from = 0;
    while (from < bytes.length) {
      const lastEnd = mayBatch && this.#openBytes === 0 ? bytes.lastIndexOf(NEWLINE, from + BATCH_BYTES) : -1;
      if (lastEnd > from) {
        for (const line of this.#decoder.decode(bytes.subarray(from, lastEnd)).split("\n")) {
          const text = withoutMarks(line);
          if (text !== "") yield text;
        }
        from = lastEnd + 1;
        continue;
      }
      const end = bytes.indexOf(NEWLINE, from);
      if (end === -1) {
        this.#hold(bytes.subarray(from));
        return;
      }
      const line = this.#close(bytes.subarray(from, end));
      from = end + 1;
      if (line !== undefined) yield line;
    }
  }

  /** Return the unterminated last line. Call this only when no more bytes will follow. */
  finish(): string | undefined {
    return this.#openBytes === 0 ? undefined : this.#close(new Uint8Array(0));
  }

  #hold(bytes: Uint8Array): void {
    this.#openBytes += bytes.length;
    if (this.#isTooLong) return;
    const kept = this.#heldBytes === 0 ? withoutLeadingZeros(bytes) : bytes;
    if (this.#heldBytes + kept.length > this.#maxBytes) {
      this.#isTooLong = true;
      this.#held = [];
      this.#heldBytes = 0;
      return;
    }
    if (kept.length === 0) return;
    this.#held.push(kept.slice());
    this.#heldBytes += kept.length;
  }

  #close(end: Uint8Array): string | undefined {
    const hadLeadingZeros = this.#openBytes > this.#heldBytes;
    this.#hold(end);
    const isTooLong = this.#isTooLong;
    const held = this.#held;
    const openBytes = this.#openBytes;
    const heldBytes = this.#heldBytes;
    this.#held = [];
    this.#heldBytes = 0;
    this.#openBytes = 0;
    this.#isTooLong = false;
    if (isTooLong) {
      this.#counts.tooLong++;
      return undefined;
    }
    const whole = held.length === 1 ? held[0]! : concat(held, heldBytes);
    const hasZeros = hadLeadingZeros || openBytes > heldBytes || whole.includes(0);
    if (hasZeros) this.#counts.withNulBytes++;
    const text = withoutMarks(this.#decoder.decode(whole));
    const line = hasZeros ? text.replaceAll("\0", "") : text;
    return line === "" ? undefined : line;
  }
}

/** Remove a byte order mark before a line, and the carriage return of Windows after it. */
function withoutMarks(line: string): string {
  const start = line.startsWith("\uFEFF") ? 1 : 0;
  return start === 1 || line.endsWith("\r") ? line.slice(start, line.endsWith("\r") ? -1 : undefined) : line;
}

/** Remove the NUL bytes before a line. They are a hole in the file, and do not count toward the length of the line. */
function withoutLeadingZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first === -1 ? bytes.subarray(bytes.length) : bytes.subarray(first);
}

function concat(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
