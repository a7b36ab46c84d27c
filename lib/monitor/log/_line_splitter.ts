const NEWLINE = 0x0a;

/** What a {@linkcode LineSplitter} left out. */
export interface SplitCounts {
  /** Lines that were longer than allowed. */
  tooLong: number;
  /** Lines with zero bytes in them, as a crash of the machine or a truncation leaves; the rest of the line is given. */
  rubbish: number;
}

/** Cuts bytes into lines, and holds no more of a line than it may be long. */
export class LineSplitter {
  readonly #maxBytes: number;
  readonly #counts: SplitCounts;
  // Not fatal: a wrong byte in a message must not hide the message.
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: false });
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** Bytes of the unfinished line, the ones that are not held included. */
  #openBytes = 0;
  #isTooLong = false;

  constructor(options: { readonly maxBytes: number; readonly counts: SplitCounts }) {
    this.#maxBytes = options.maxBytes;
    this.#counts = options.counts;
  }

  /** Bytes since the last end of a line. */
  get openBytes(): number {
    return this.#openBytes;
  }

  /** Take bytes in, and give the lines that end in them; the bytes are the caller's again afterwards. */
  *push(bytes: Uint8Array): Generator<string> {
    let from = 0;
    while (from < bytes.length) {
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

  /** The rest of a file that will not grow any more: a line without an end is one. */
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
    const wasZeros = this.#openBytes > this.#heldBytes;
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
    const hasZeros = wasZeros || openBytes > heldBytes || whole.includes(0);
    if (hasZeros) this.#counts.rubbish++;
    const text = this.#decoder.decode(whole).replace(/\r$/, "");
    const line = hasZeros ? text.replaceAll("\0", "") : text;
    return line === "" ? undefined : line;
  }
}

/** Zeros before a line are a hole in the file: they count for nothing, however many. */
function withoutLeadingZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first === -1 ? bytes.subarray(bytes.length) : bytes.subarray(first);
}

function concat(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
