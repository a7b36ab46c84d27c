import { isAllowedImport } from "./allowed_imports.ts";
import { type ByteCursor, EndOfData } from "./_byte_cursor.ts";
import { BROKEN, BrokenPickle, PickleStack } from "./_pickle_stack.ts";
import { type ScanBudget, ScanLimitError } from "./_scan_budget.ts";

/** What a pickle would do when loaded, as far as it could be read. */
export interface PickleReading {
  /** Whether the pickle was read to its STOP opcode. */
  readonly isWhole: boolean;
  /** Imports that are not allowed, as `module.name`; up to 2000. */
  readonly imports: ReadonlySet<string>;
  /** Why some imports could not be determined; `null` if all of them could. */
  readonly hidden: string | null;
  /**
   * Whether a call followed an import that is not allowed. Such bytes are a pickle, even if it was not read to its end.
   */
  readonly isHarmful: boolean;
}

/** Longest text that is kept as a possible name, in bytes; Python names are not longer. */
const MAX_NAME_BYTES = 255;
/** Maximum number of imports; no legitimate pickle has as many. */
const MAX_IMPORTS = 2000;
const MAX_LINE_BYTES = 1024;
/** An import and a call take at least this many bytes. */
const MIN_NESTED_BYTES = 8;

/** Read one pickle as Python's unpickler does, without calling anything. Leaves the cursor after the pickle. */
export async function readPickle(cursor: ByteCursor, budget: ScanBudget, depth: number): Promise<PickleReading> {
  const reader = new PickleReader(cursor, budget, depth);
  try {
    await reader.run();
    return reader.reading(true);
  } catch (error) {
    if (error instanceof BrokenPickle || error instanceof EndOfData) return reader.reading(false);
    // A harmful finding is reported instead of the limit.
    if (error instanceof ScanLimitError && reader.isHarmful) return reader.reading(false);
    throw error;
  }
}

class PickleReader {
  readonly #cursor: ByteCursor;
  readonly #budget: ScanBudget;
  readonly #depth: number;
  readonly #stack = new PickleStack();
  readonly #imports = new Set<string>();
  #hidden: string | null = null;
  /** Whether an import was found that is not allowed and that Python could resolve. */
  #isArmed = false;
  isHarmful = false;

  constructor(cursor: ByteCursor, budget: ScanBudget, depth: number) {
    this.#cursor = cursor;
    this.#budget = budget;
    this.#depth = depth;
  }

  reading(isWhole: boolean): PickleReading {
    return { isWhole, imports: this.#imports, hidden: this.#hidden, isHarmful: this.isHarmful };
  }

  async run(): Promise<void> {
    const cursor = this.#cursor;
    for (;;) {
      // The longest fixed argument has eight bytes. Waiting costs more than an opcode, so it is done for many at once.
      if (cursor.ready < 9 && !cursor.isOver) await cursor.fill(9);
      this.#budget.takeOpcode();
      const opcode = cursor.byte();
      if (opcode === 0x2e) return this.#stack.replace(1);
      if (this.#doPlain(opcode)) continue;
      const length = this.#payloadLength(opcode);
      if (length === null) {
        if (!this.#doReadyLine(opcode)) await this.#doLines(opcode);
      } else if (!this.#doReadyPayload(opcode, length)) await this.#doPayload(opcode, length);
    }
  }

  /** Handle an opcode with short arguments; return whether it was one. */
  #doPlain(opcode: number): boolean {
    const stack = this.#stack;
    const cursor = this.#cursor;
    switch (opcode) {
      case 0x28: // MARK
        stack.mark();
        return true;
      case 0x30: // POP
        stack.popAny();
        return true;
      case 0x31: // POP_MARK
        stack.popMark();
        return true;
      case 0x32: // DUP
        stack.duplicate();
        return true;
      case 0x4b: // BININT1
        cursor.byte();
        stack.push(null);
        return true;
      case 0x4d: // BININT2
        cursor.uint16();
        stack.push(null);
        return true;
      case 0x4a: // BININT
        cursor.uint32();
        stack.push(null);
        return true;
      case 0x47: // BINFLOAT
        cursor.uint64();
        stack.push(null);
        return true;
      case 0x4e: // NONE
      case 0x88: // NEWTRUE
      case 0x89: // NEWFALSE
      case 0x5d: // EMPTY_LIST
      case 0x7d: // EMPTY_DICT
      case 0x29: // EMPTY_TUPLE
      case 0x8f: // EMPTY_SET
      case 0x97: // NEXT_BUFFER
        stack.push(null);
        return true;
      case 0x51: // BINPERSID
      case 0x85: // TUPLE1
        stack.replace(1);
        return true;
      case 0x86: // TUPLE2
        stack.replace(2);
        return true;
      case 0x87: // TUPLE3
        stack.replace(3);
        return true;
      case 0x6c: // LIST
      case 0x64: // DICT
      case 0x74: // TUPLE
      case 0x91: // FROZENSET
        stack.popMark();
        stack.push(null);
        return true;
      case 0x61: // APPEND
        stack.store(1);
        return true;
      case 0x73: // SETITEM
        stack.store(2);
        return true;
      case 0x65: // APPENDS
      case 0x75: // SETITEMS
      case 0x90: // ADDITEMS
        stack.popMark();
        stack.assertTop();
        return true;
      case 0x52: // REDUCE
      case 0x81: // NEWOBJ
        stack.replace(2);
        this.#noteCall();
        return true;
      case 0x92: // NEWOBJ_EX
        stack.replace(3);
        this.#noteCall();
        return true;
      case 0x62: // BUILD
        stack.store(1);
        this.#noteCall();
        return true;
      case 0x6f: // OBJ
        if (stack.popMark() < 1) throw BROKEN;
        stack.push(null);
        this.#noteCall();
        return true;
      case 0x93: // STACK_GLOBAL
        this.#importFromStack();
        return true;
      case 0x68: // BINGET
        stack.get(cursor.byte());
        return true;
      case 0x6a: // LONG_BINGET
        stack.get(cursor.uint32());
        return true;
      case 0x71: // BINPUT
        stack.put(cursor.byte());
        return true;
      case 0x72: // LONG_BINPUT
        stack.put(cursor.uint32());
        return true;
      case 0x94: // MEMOIZE
        stack.memoize();
        return true;
      case 0x80: // PROTO
        if (cursor.byte() > 5) throw BROKEN;
        return true;
      case 0x95: // FRAME
        cursor.uint64();
        return true;
      case 0x98: // READONLY_BUFFER
        stack.assertTop();
        return true;
      case 0x82: // EXT1
        return this.#importByNumber(cursor.byte());
      case 0x83: // EXT2
        return this.#importByNumber(cursor.uint16());
      case 0x84: // EXT4
        return this.#importByNumber(cursor.uint32());
      default:
        return false;
    }
  }

  /** Read how many bytes follow an opcode with a length; `null` for other opcodes. */
  #payloadLength(opcode: number): number | null {
    const cursor = this.#cursor;
    switch (opcode) {
      case 0x55: // SHORT_BINSTRING
      case 0x8c: // SHORT_BINUNICODE
      case 0x43: // SHORT_BINBYTES
      case 0x8a: // LONG1
        return cursor.byte();
      case 0x54: // BINSTRING
      case 0x8b: // LONG4
        return notNegative(cursor.int32());
      case 0x58: // BINUNICODE
      case 0x42: // BINBYTES
        return cursor.uint32();
      case 0x8d: // BINUNICODE8
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        return cursor.uint64();
      default:
        return null;
    }
  }

  /**
   * Handle a payload that is short and buffered, as nearly all are: waiting would cost more than all the rest. Return
   * false if it is not buffered, or may be a nested pickle.
   */
  #doReadyPayload(opcode: number, length: number): boolean {
    const cursor = this.#cursor;
    if (cursor.ready < length) return false;
    if (isText(opcode) && length <= MAX_NAME_BYTES) {
      this.#stack.push(nameOf(cursor.bytes(length)));
      return true;
    }
    if (length >= MIN_NESTED_BYTES && mayBePickle(cursor.peek(0), cursor.peek(1))) return false;
    cursor.bytes(length);
    this.#stack.push(null);
    return true;
  }

  async #doPayload(opcode: number, length: number): Promise<void> {
    const cursor = this.#cursor;
    if (isText(opcode) && length <= MAX_NAME_BYTES) {
      await cursor.fill(length);
      return this.#stack.push(nameOf(cursor.bytes(length)));
    }
    if (length > 0) {
      if (cursor.ready < 2 && !cursor.isOver) await cursor.fill(2);
      if (length >= MIN_NESTED_BYTES && mayBePickle(cursor.peek(0), cursor.peek(1))) await this.#readNested(length);
      else await cursor.skip(length);
    }
    this.#stack.push(null);
  }

  /** Read a payload that may itself be a pickle, which could be loaded later. Each byte is still read once. */
  async #readNested(length: number): Promise<void> {
    this.#budget.assertDepth(this.#depth + 1);
    const inner = await this.#cursor.within(length, () => readPickle(this.#cursor, this.#budget, this.#depth + 1));
    if (!inner.isWhole && !inner.isHarmful) return;
    for (const name of inner.imports) this.#addImport(name);
    this.#hidden ??= inner.hidden;
    this.isHarmful ||= inner.isHarmful;
  }

  /** Handle an opcode with one line that is completely buffered; return whether it was one. */
  #doReadyLine(opcode: number): boolean {
    if (opcode === 0x63 || opcode === 0x69 || !LINE_OPCODES[opcode]) return false;
    const line = this.#cursor.line();
    if (line === null) return false;
    this.#doLine(opcode, line);
    return true;
  }

  /** Handle an opcode whose arguments end with a line feed. */
  async #doLines(opcode: number): Promise<void> {
    if (!LINE_OPCODES[opcode]) throw BROKEN;
    const line = await this.#line();
    // GLOBAL and INST have two lines.
    if (opcode !== 0x63 && opcode !== 0x69) return this.#doLine(opcode, line);
    const module = decode(line);
    this.#import(module, decode(await this.#line()));
    if (opcode === 0x69) this.#stack.popMark();
    this.#stack.push(null);
    if (opcode === 0x69) this.#noteCall();
  }

  #doLine(opcode: number, line: Uint8Array): void {
    const stack = this.#stack;
    switch (opcode) {
      case 0x53: // STRING
        return stack.push(nameOf(unquote(line)));
      case 0x56: // UNICODE
        return stack.push(nameOf(line));
      case 0x67: // GET
        return stack.get(toIndex(line));
      case 0x70: // PUT
        return stack.put(toIndex(line));
      default: // FLOAT, INT, LONG, PERSID
        return stack.push(null);
    }
  }

  async #line(): Promise<Uint8Array> {
    return this.#cursor.line() ?? await this.#cursor.longLine(MAX_LINE_BYTES);
  }

  #import(module: string, name: string): void {
    if (isAllowedImport(module, name)) return;
    if (isName(module) && isName(name)) this.#isArmed = true;
    this.#addImport(`${module}.${name}`);
  }

  #importFromStack(): void {
    const stack = this.#stack;
    const name = stack.pop();
    const module = stack.pop();
    stack.push(null);
    if (name !== null && module !== null) return this.#import(module, name);
    this.#isArmed = true;
    this.#hidden ??= "it computes the names of its imports while it is loaded";
  }

  #importByNumber(_code: number): true {
    this.#stack.push(null);
    this.#isArmed = true;
    this.#hidden ??= "it imports by numbers of a registry that is not in the file";
    return true;
  }

  #addImport(name: string): void {
    if (this.#imports.size < MAX_IMPORTS) this.#imports.add(showName(name));
  }

  /** An import that is never called does little; once called, it can do anything. */
  #noteCall(): void {
    this.isHarmful ||= this.#isArmed;
  }
}

/** GLOBAL, INST, FLOAT, INT, LONG, PERSID, STRING, UNICODE, GET, PUT. */
const LINE_OPCODES: readonly boolean[] = Array.from(
  { length: 256 },
  (_, opcode) => "ciFILPSVgp".includes(String.fromCharCode(opcode)),
);

function isText(opcode: number): boolean {
  return opcode === 0x8c || opcode === 0x58 || opcode === 0x55 || opcode === 0x54 || opcode === 0x8d;
}

/**
 * Whether bytes can begin a pickle: PROTO with an existing version, or an opcode that a version 0 pickle with an import
 * begins with.
 */
function mayBePickle(first: number | undefined, second: number | undefined): boolean {
  return (first === 0x80 && second !== undefined && second <= 5) || first === 0x63 || first === 0x28;
}

function notNegative(length: number): number {
  if (length < 0) throw BROKEN;
  return length;
}

const DECODER = new TextDecoder();

function decode(bytes: Uint8Array): string {
  return DECODER.decode(bytes);
}

/**
 * Return text that can be the name of a module or of something in it; `null` for any other text, which does not matter.
 */
function nameOf(bytes: Uint8Array): string | null {
  if (bytes.length === 0 || bytes.length > MAX_NAME_BYTES) return null;
  let text = "";
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]!;
    if (!NAME_BYTES[byte]) return null;
    text += String.fromCharCode(byte);
  }
  return text;
}

const NAME_BYTES: readonly boolean[] = Array.from(
  { length: 256 },
  (_, byte) => /[A-Za-z0-9_.]/.test(String.fromCharCode(byte)),
);

function isName(text: string): boolean {
  return /^[\p{ID_Start}_][\p{ID_Continue}.]*$/u.test(text);
}

/** Remove the quotes of a STRING. It can contain escapes, which {@linkcode nameOf} does not accept. */
function unquote(line: Uint8Array): Uint8Array {
  const first = line[0];
  const last = line.at(-1);
  if (line.length < 2 || first !== last || (first !== 0x27 && first !== 0x22)) throw BROKEN;
  return line.subarray(1, -1);
}

/** Parse a memo index as Python's `int()` does. */
function toIndex(line: Uint8Array): number {
  const text = decode(line).trim();
  if (!/^\+?\d+(?:_\d+)*$/.test(text)) throw BROKEN;
  return Number(text.replaceAll("_", ""));
}

/** Render a name for display: one line of plain characters. */
function showName(name: string): string {
  return name.replace(/[^\p{L}\p{N}_.\-<>: ]/gu, "?").slice(0, 120);
}
