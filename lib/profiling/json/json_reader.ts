/** Fills a buffer with the next bytes of a document; returns their number, or `null` at the end. */
export type ReadBytes = (buffer: Uint8Array) => number | null;

/** Options of {@linkcode JsonReader}. */
export interface JsonReaderOptions {
  /**
   * Size of the buffer in bytes.
   *
   * @default {1048576}
   */
  readonly bufferBytes?: number | undefined;
}

/** Limit of one value that is parsed as a whole; a single frame or string is far smaller. */
const MAX_VALUE_BYTES = 16 << 20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const MINUS = 0x2d;
const ZERO = 0x30;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Reads a JSON document of any size from front to back. Profiles and heap snapshots are objects with a few huge arrays:
 * the caller visits the members, and takes numbers and small values one at a time, so that the document is never in
 * memory as a whole.
 *
 * @example
 * ```ts ignore
 * const reader = new JsonReader((buffer) => file.readSync(buffer));
 * reader.object((key) => key === "samples" ? reader.numbers((id) => ids.push(id)) : reader.skip());
 * reader.end();
 * ```
 */
export class JsonReader {
  readonly #read: ReadBytes;
  readonly #buffer: Uint8Array<ArrayBuffer>;
  #at = 0;
  #length = 0;
  #before = 0;
  #kept: Uint8Array<ArrayBuffer> = new Uint8Array(4096);
  #keptLength = 0;

  /** Begin at the first byte of a document. */
  constructor(read: ReadBytes, options: JsonReaderOptions = {}) {
    this.#read = read;
    this.#buffer = new Uint8Array(options.bufferBytes ?? 1 << 20);
  }

  /**
   * Visit the members of the object that comes next.
   *
   * @param visit Takes the key; must consume the value, for example with {@linkcode JsonReader.skip}
   * @throws {SyntaxError} If no object comes next
   */
  object(visit: (key: string) => void): void {
    this.#expect(OPEN_OBJECT, "an object");
    if (this.#next() === CLOSE_OBJECT) return void this.#at++;
    while (true) {
      if (this.#next() !== QUOTE) throw this.#mistake("a key must be a string");
      const key = this.value() as string;
      this.#expect(COLON, '":"');
      visit(key);
      if (this.#isEndOf(CLOSE_OBJECT)) return;
    }
  }

  /**
   * Visit the elements of the array that comes next.
   *
   * @param visit Must consume the element
   * @throws {SyntaxError} If no array comes next
   */
  array(visit: () => void): void {
    this.#expect(OPEN_ARRAY, "an array");
    if (this.#next() === CLOSE_ARRAY) return void this.#at++;
    do visit(); while (!this.#isEndOf(CLOSE_ARRAY));
  }

  /**
   * Visit the numbers of the array that comes next. Whole numbers are parsed on the way; heap snapshots have millions.
   *
   * @param visit Takes each number
   * @throws {SyntaxError} If no array of numbers comes next
   */
  numbers(visit: (value: number) => void): void {
    this.array(() => visit(this.#number()));
  }

  /**
   * Parse the value that comes next. It must not be larger than 16 MiB.
   *
   * @throws {SyntaxError} If it is not JSON
   */
  value(): unknown {
    this.#keptLength = 0;
    this.#pass((byte) => this.#keep(byte));
    const text = new TextDecoder().decode(this.#kept.subarray(0, this.#keptLength));
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw this.#mistake(`"${text.slice(0, 40)}" is not JSON`, cause);
    }
  }

  /** Pass over the value that comes next. */
  skip(): void {
    this.#pass(() => {});
  }

  /**
   * Check that only white space is left.
   *
   * @throws {SyntaxError} If more follows
   */
  end(): void {
    if (this.#next() !== -1) throw this.#mistake("the document should end");
  }

  /** Return whether an object comes next. */
  isObject(): boolean {
    return this.#next() === OPEN_OBJECT;
  }

  /** Consume the value that comes next, and show its bytes, without the white space around it. */
  #pass(take: (byte: number) => void): void {
    let depth = 0;
    let isOpen = false;
    let byte = this.#next();
    if (byte === -1) throw this.#mistake("the document ends early");
    while (byte !== -1) {
      const isDone = depth === 0 && (byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT || byte <= 0x20);
      if (isOpen && isDone) return;
      isOpen = true;
      this.#at++;
      take(byte);
      if (byte === QUOTE) this.#passString(take);
      else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth++;
      else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth--;
      const isWhole = byte === QUOTE || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT;
      if (depth === 0 && isWhole) return;
      byte = this.#peek();
    }
    if (depth > 0) throw this.#mistake("the document ends early");
  }

  #passString(take: (byte: number) => void): void {
    while (true) {
      const byte = this.#peek();
      if (byte === -1) throw this.#mistake("the document ends early");
      this.#at++;
      take(byte);
      if (byte === QUOTE) return;
      if (byte !== BACKSLASH) continue;
      const escaped = this.#peek();
      if (escaped === -1) throw this.#mistake("the document ends early");
      this.#at++;
      take(escaped);
    }
  }

  #number(): number {
    if (this.#next() === -1) throw this.#mistake("the document ends early");
    return this.#wholeNumber() ?? this.#anyNumber();
  }

  /** Parse digits that are in the buffer as a whole, as nearly all are; consumes nothing else. */
  #wholeNumber(): number | null {
    const buffer = this.#buffer;
    const isNegative = buffer[this.#at] === MINUS;
    const start = isNegative ? this.#at + 1 : this.#at;
    let value = 0;
    let at = start;
    while (at < this.#length) {
      const digit = buffer[at]! - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      at++;
    }
    // 15 digits are exact; the rest is left to the platform.
    const isWhole = at > start && at - start <= 15 && at < this.#length;
    const end = buffer[at];
    if (!isWhole || (end !== COMMA && end !== CLOSE_ARRAY && end! > 0x20)) return null;
    this.#at = at;
    return isNegative ? -value : value;
  }

  #anyNumber(): number {
    this.#keptLength = 0;
    let byte = this.#peek();
    while (byte !== -1 && byte !== COMMA && byte !== CLOSE_ARRAY && byte > 0x20) {
      this.#keep(byte);
      this.#at++;
      byte = this.#peek();
    }
    const text = new TextDecoder().decode(this.#kept.subarray(0, this.#keptLength));
    const parsed = text === "" ? NaN : Number(text);
    if (Number.isNaN(parsed)) throw this.#mistake(`"${text.slice(0, 40)}" is not a number`);
    return parsed;
  }

  /** Consume a comma, or the end of the array or object. */
  #isEndOf(close: number): boolean {
    const byte = this.#next();
    if (byte !== COMMA && byte !== close) {
      throw this.#mistake(
        byte === -1 ? "the document ends early" : `"," or "${String.fromCharCode(close)}" is missing`,
      );
    }
    this.#at++;
    return byte === close;
  }

  #expect(wanted: number, name: string): void {
    const byte = this.#next();
    if (byte === -1) throw this.#mistake("the document ends early");
    if (byte !== wanted) throw this.#mistake(`${name} should be here`);
    this.#at++;
  }

  /** Return the next byte that is not white space, without consuming it; -1 at the end. */
  #next(): number {
    let byte = this.#peek();
    while (byte !== -1 && byte <= 0x20) {
      this.#at++;
      byte = this.#peek();
    }
    return byte;
  }

  #peek(): number {
    if (this.#at < this.#length) return this.#buffer[this.#at]!;
    this.#before += this.#length;
    this.#length = this.#read(this.#buffer) ?? 0;
    this.#at = 0;
    return this.#length === 0 ? -1 : this.#buffer[0]!;
  }

  #keep(byte: number): void {
    if (this.#keptLength === this.#kept.length) {
      if (this.#keptLength >= MAX_VALUE_BYTES) throw this.#mistake("a value is larger than 16 MiB");
      const larger = new Uint8Array(this.#kept.length * 2);
      larger.set(this.#kept);
      this.#kept = larger;
    }
    this.#kept[this.#keptLength++] = byte;
  }

  #mistake(what: string, cause?: unknown): SyntaxError {
    return new SyntaxError(`Cannot read JSON at byte ${this.#before + this.#at}: ${what}`, { cause });
  }
}
