import { type ByteReader, bytesReader, fileReader, sliceReader } from "./byte_reader.ts";
import { ByteCursor, type PickleSource, sourceOf } from "./_byte_cursor.ts";
import { InflatedSource, inflateHead } from "./_inflate.ts";
import { type PickleReading, readPickle } from "./_read_pickle.ts";
import { ScanBudget, ScanLimitError } from "./_scan_budget.ts";
import { SCAN_LIMITS, type ScanLimits } from "./scan_limits.ts";
import { readAt } from "../read_at.ts";
import { readTarHeader, TAR_BLOCK } from "../content/tar_header.ts";
import { BadZip, hasHiddenEntry, locateEntry, readZipDirectory, type ZipEntry } from "./_zip_directory.ts";

/** Options of {@linkcode scanPickles}. */
export interface ScanPicklesOptions {
  /**
   * Name that the file will have. If it promises a pickle, a pickle that cannot be read to its end is reported as a
   * problem. Otherwise, content that only begins like a pickle is ignored.
   */
  readonly name: string;
  /** Aborts the scan. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Limits that replace the default ones.
   *
   * @default {SCAN_LIMITS}
   */
  readonly limits?: Partial<ScanLimits> | undefined;
}

/** Result of a scan. */
export interface PickleScan {
  /** Number of pickles that were read to their end. */
  readonly pickles: number;
  /** Imports that are not allowed, as `module.name`, known harmful ones first; up to 100. */
  readonly imports: readonly string[];
  /** Why parts of the file could not be examined, with the entry concerned; up to 50. */
  readonly problems: readonly string[];
  /** Why the file must not be loaded, as shown to the user; `null` if nothing was found. */
  readonly reason: string | null;
}

/** Extensions of formats that cannot contain code. The format check refuses files that only have such a name. */
const HARMLESS = /\.(?:safetensors|sft|gguf)$/i;
/** Names of pickles, as files and inside of PyTorch's archives. */
const PICKLE_NAME = /\.(?:pkl|pickle|p|pt|pt2|pth|ckpt|joblib|dill)$/i;
/** Names of files that programs open as a ZIP archive, regardless of how they begin. */
const ARCHIVE_NAME = /\.(?:zip|npz|pkl|pickle|p|pt|pt2|pth|ckpt)$/i;
/** Names of entries in TAR archives of old PyTorch. */
const TORCH_TAR_NAME = /(?:^|\/)(?:pickle|sys_info|storages|tensors)$/;
/** Names of files that may be pickles. */
const MAYBE_PICKLE_NAME = /\.(?:bin|dat|data|model|state|npy)$/i;
/** The pickle that old PyTorch files begin with; four more pickles follow, then the data. */
const TORCH_MAGIC = [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
const TORCH_PICKLES = 5;
/** Maximum number of zero bytes or white space that is skipped between pickles. */
const MAX_PADDING = 1024 * 1024;
const HEAD_BYTES = 4096;
/** Up to this size, a file is read at once. */
const WHOLE_BYTES = 64 << 10;
const PACKED_HEAD_BYTES = 1024;
/** Longer than an opcode with its length and a name, in bytes. */
const LONGEST_ARGUMENT = 512;
const MAX_REPORTED = 50;

/**
 * Whether a file of this name can contain pickles: safetensors and GGUF cannot.
 *
 * @param name File name or path
 * @returns False for formats that cannot contain code
 */
export function mayHoldPickles(name: string): boolean {
  return !HARMLESS.test(name);
}

/**
 * List what the pickles of a file would import when loaded, without loading it: in the file itself, in ZIP and TAR
 * archives, and in pickles inside of pickles. Reads only the opcodes, in one pass with bounded memory.
 *
 * @param reader The bytes of the file
 * @param options Name of the file, limits, signal
 * @returns What was found
 */
export async function scanPickles(reader: ByteReader, options: ScanPicklesOptions): Promise<PickleScan> {
  const { name, signal, limits = {} } = options;
  const found = new Findings();
  if (mayHoldPickles(name)) {
    const scan = new Scan(new ScanBudget({ ...SCAN_LIMITS, ...limits }, signal), found);
    await scan.content(reader, { name, inside: null, depth: 0 });
  }
  return found.result();
}

/**
 * Scan a file on disk as {@linkcode scanPickles} does.
 *
 * @param path The file; its name on disk does not matter
 * @param options Name that the file will have, limits, signal
 * @returns What was found
 */
export async function scanPickleFile(path: string, options: ScanPicklesOptions): Promise<PickleScan> {
  if (!mayHoldPickles(options.name)) return new Findings().result();
  using file = openToRead(path);
  const size = sizeOf(file);
  // A dozen reads of a small file take longer than one of all of it.
  const reader = size <= WHOLE_BYTES ? bytesReader(await readAt(file, 0, size)) : fileReader(file, size);
  return await scanPickles(reader, options);
}

/** Synchronous, because another thread takes longer for it than the call itself. */
function openToRead(path: string): Deno.FsFile {
  return Deno.openSync(path, { read: true });
}

function sizeOf(file: Deno.FsFile): number {
  return file.statSync().size;
}

/** Collects findings, up to a limit. */
class Findings {
  pickles = 0;
  readonly #imports = new Set<string>();
  readonly #problems = new Set<string>();

  take(reading: PickleReading, inside: string | null): void {
    for (const name of reading.imports) {
      const limit = isNotorious(name) ? 2 * MAX_REPORTED : MAX_REPORTED;
      if (this.#imports.size < limit) this.#imports.add(name);
    }
    if (reading.hidden !== null) {
      this.problem(`a pickle whose imports cannot be determined: ${reading.hidden}`, inside);
    }
  }

  problem(what: string, inside: string | null): void {
    if (this.#problems.size >= MAX_REPORTED) return;
    this.#problems.add(inside === null ? what : `${what} (in "${showEntry(inside)}")`);
  }

  result(): PickleScan {
    // A message shows only a few names, so known harmful ones come before those that are only unknown.
    const imports = [...this.#imports].toSorted((a, b) => Number(isNotorious(b)) - Number(isNotorious(a)));
    const problems = [...this.#problems];
    return { pickles: this.pickles, imports, problems, reason: explain(imports, problems) };
  }
}

/**
 * Whether a name belongs to a Python module that runs commands or code or that accesses files or networks, or is a
 * function such as `eval`.
 */
function isNotorious(name: string): boolean {
  return /^(?:os|nt|posix|subprocess|sys|socket|shutil|pty|runpy|importlib|ctypes|webbrowser|commands|code|codeop|pip|pickle|_pickle|marshal|operator|functools|asyncio|multiprocessing|urllib|http|requests)\b/
    .test(name) ||
    /\.(?:eval|exec|compile|getattr|__import__|open|system|popen|load|loads|_load_from_bytes)$/i.test(name);
}

function explain(imports: readonly string[], problems: readonly string[]): string | null {
  if (imports.length > 0) {
    const shown = imports.slice(0, 5).join(", ");
    const more = imports.length > 5 ? ` and ${imports.length - 5} more` : "";
    return `it holds a pickle that imports ${shown}${more}`;
  }
  return problems.length > 0 ? `it ${problems[0]!.startsWith("a ") ? "is " : ""}${problems[0]}` : null;
}

/** Entry names come from outside: show one short line. */
function showEntry(name: string): string {
  return name.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "?").slice(0, 120);
}

/** Where the content to scan comes from. */
interface Place {
  /** Name or path; its extension determines how the content is treated. */
  readonly name: string;
  /** Path of the archive entry, including the names of all enclosing archives; `null` for the file itself. */
  readonly inside: string | null;
  readonly depth: number;
}

/** One scan of one file. */
class Scan {
  readonly #budget: ScanBudget;
  readonly #found: Findings;

  constructor(budget: ScanBudget, found: Findings) {
    this.#budget = budget;
    this.#found = found;
  }

  /** Scan bytes as every format that some program could read them as, because they can be valid in several formats. */
  async content(reader: ByteReader, place: Place): Promise<void> {
    const { inside } = place;
    try {
      this.#budget.assertDepth(place.depth);
      const head = await reader.read(0, HEAD_BYTES);
      const isZip = startsWith(head, [0x50, 0x4b]);
      const isTar = readTarHeader(head) !== null;
      // The end of a file is read only where it can matter: archives hold thousands of tensors.
      if (isZip || place.depth === 0 || ARCHIVE_NAME.test(place.name)) await this.#zip(reader, place, isZip);
      if (isTar) await this.#tar(reader, place);
      const start = pickleOffset(head);
      if (start === null) return;
      const rest = sliceReader(reader, start, reader.sizeBytes - start);
      const isPromised = !isZip && !isTar && promisesPickle(place.name, head.subarray(start));
      await this.#pickles(sourceOf(rest, this.#budget), { ...place, isPromised });
    } catch (error) {
      if (!(error instanceof ScanLimitError)) throw error;
      this.#found.problem(error.message, inside);
    }
  }

  /** Scan one pickle after another. Unless a pickle is promised, bytes that only begin like one are ignored. */
  async #pickles(source: PickleSource, place: Place & { readonly isPromised: boolean }): Promise<void> {
    const { inside, depth, isPromised } = place;
    const cursor = new ByteCursor(source);
    await cursor.fill(TORCH_MAGIC.length);
    const isTorch = TORCH_MAGIC.every((byte, index) => cursor.peek(index) === byte);
    for (let number = 1; !await cursor.isAtEnd(); number++) {
      const reading = await readPickle(cursor, this.#budget, depth);
      const mustBeWhole = isPromised && number <= (isTorch ? TORCH_PICKLES : 1);
      if (reading.isWhole || reading.isHarmful || mustBeWhole) this.#found.take(reading, inside);
      if (!reading.isWhole) {
        if (mustBeWhole) this.#found.problem("a pickle that cannot be read to its end", inside);
        return;
      }
      this.#found.pickles++;
      await skipPadding(cursor);
    }
  }

  async #zip(reader: ByteReader, place: Place, isZip: boolean): Promise<void> {
    try {
      const directory = await readZipDirectory(reader, this.#budget);
      if (directory === null) {
        if (isZip) this.#found.problem("has a ZIP archive without a directory", place.inside);
        return;
      }
      let position = 0;
      for (const entry of directory.entries) {
        position = await this.#zipEntry(reader, entry, { ...place, position });
      }
      if (position > directory.offset) throw new BadZip("has an entry that lies in the directory");
      if (await hasHiddenEntry(reader, position, directory.offset)) {
        throw new BadZip("has an entry that its directory does not list");
      }
    } catch (error) {
      if (!(error instanceof BadZip)) throw error;
      // A file with something like an end record near its end is not an archive for that reason alone.
      if (isZip || promisesPickle(place.name, EMPTY)) {
        this.#found.problem(`${error.message} in its ZIP archive`, place.inside);
      }
    }
  }

  /** Scan one entry; return the offset of its end. */
  async #zipEntry(
    reader: ByteReader,
    entry: ZipEntry,
    place: Place & { readonly position: number },
  ): Promise<number> {
    this.#budget.takeEntry();
    const { offset, end } = await locateEntry(reader, entry);
    if (entry.offset < place.position) throw new BadZip("has entries that share bytes");
    if (await hasHiddenEntry(reader, place.position, entry.offset)) {
      throw new BadZip("has an entry that its directory does not list");
    }
    if (end > reader.sizeBytes) throw new BadZip("has an entry that lies outside of the file");
    const inside = place.inside === null ? entry.name : `${place.inside}/${entry.name}`;
    const inner: Place = { name: entry.name, inside, depth: place.depth + 1 };
    const packed = sliceReader(reader, offset, end - offset);
    if (entry.isEncrypted) this.#found.problem("has an encrypted entry", inside);
    else if (entry.method === 8) await this.#deflated(packed, entry, inner);
    else if (entry.method !== 0) {
      this.#found.problem("has an entry that is packed in a way that cannot be read", inside);
    } else if (entry.compressedBytes !== entry.sizeBytes) throw new BadZip("has an entry with two sizes");
    else if (mayHoldPickles(entry.name)) await this.content(packed, inner);
    return end;
  }

  async #deflated(packed: ByteReader, entry: ZipEntry, place: Place): Promise<void> {
    if (!mayHoldPickles(place.name)) return;
    if (await this.#isNoPickle(packed, entry, place)) return;
    try {
      await using source = new InflatedSource(packed, this.#budget);
      const first = new ByteCursor(source);
      await first.fill(TAR_BLOCK);
      const head = first.bytes(first.ready).slice();
      const start = pickleOffset(head);
      if (start === null) return;
      if (isArchive(head) || start > 0) {
        const whole = await this.#inflate(head, source, entry);
        return await this.content(bytesReader(whole), place);
      }
      const isPromised = promisesPickle(place.name, head);
      await this.#pickles(rejoin(head, source), { ...place, isPromised });
    } catch (error) {
      if (!(error instanceof ScanLimitError) && !(error instanceof BadZip)) throw error;
      this.#found.problem(error.message, place.inside);
    }
  }

  /**
   * Whether the first bytes show that an entry is not a pickle. Training data contains thousands of pictures and text
   * files, which then need not be inflated.
   */
  async #isNoPickle(packed: ByteReader, entry: ZipEntry, place: Place): Promise<boolean> {
    const head = inflateHead(await packed.read(0, PACKED_HEAD_BYTES));
    if (head === null || isArchive(head) || pickleOffset(head) !== 0 || promisesPickle(place.name, head)) return false;
    const cursor = new ByteCursor(sourceOf(bytesReader(head), this.#budget));
    const { isWhole, isHarmful } = await readPickle(cursor, this.#budget, place.depth);
    if (isWhole || isHarmful) return false;
    // The pickle must have failed because of its bytes, not because further bytes are missing.
    return cursor.ready >= LONGEST_ARGUMENT || head.length === entry.sizeBytes;
  }

  /** Inflate an archive into memory, since it must be read from its end. */
  async #inflate(head: Uint8Array, source: PickleSource, entry: ZipEntry): Promise<Uint8Array> {
    const maxBytes = this.#budget.limits.nestedArchiveBytes;
    const pieces: Uint8Array[] = [];
    let size = 0;
    for (let piece: Uint8Array | null = head; piece !== null; piece = await source.pull()) {
      size += piece.length;
      if (size > maxBytes) throw new ScanLimitError(`has a packed archive of more than ${maxBytes} bytes inside`);
      pieces.push(piece);
    }
    if (size !== entry.sizeBytes) throw new BadZip("has an entry with two sizes");
    const whole = new Uint8Array(size);
    let offset = 0;
    for (const piece of pieces) {
      whole.set(piece, offset);
      offset += piece.length;
    }
    return whole;
  }

  async #tar(reader: ByteReader, place: Place): Promise<void> {
    for (let offset = 0; offset + TAR_BLOCK <= reader.sizeBytes;) {
      this.#budget.takeEntry();
      const header = readTarHeader(await reader.read(offset, TAR_BLOCK));
      if (header === null) return;
      const { name, sizeBytes, type } = header;
      const content = sliceReader(reader, offset + TAR_BLOCK, sizeBytes);
      const inside = place.inside === null ? name : `${place.inside}/${name}`;
      if (type === "S") this.#found.problem("has a TAR entry with holes, which cannot be read", inside);
      if ((type === "x" || type === "g") && await overridesSize(content)) {
        this.#found.problem("has a TAR entry with two sizes", inside);
      }
      if (type === "0" || type === "7") await this.#tarEntry(content, { name, inside, depth: place.depth + 1 });
      offset += TAR_BLOCK + Math.ceil(sizeBytes / TAR_BLOCK) * TAR_BLOCK;
    }
  }

  async #tarEntry(content: ByteReader, place: Place): Promise<void> {
    if (!TORCH_TAR_NAME.test(place.name)) return await this.content(content, place);
    // Old versions of PyTorch write raw data between the pickles of an entry, and nothing shows where the next pickle
    // begins.
    this.#budget.assertDepth(place.depth);
    const cursor = new ByteCursor(sourceOf(content, this.#budget));
    while (!await cursor.isAtEnd()) {
      const reading = await readPickle(cursor, this.#budget, place.depth);
      this.#found.take(reading, place.inside);
      if (!reading.isWhole) {
        return this.#found.problem("has data between its pickles, which can hide other pickles", place.inside);
      }
      this.#found.pickles++;
    }
  }
}

const EMPTY = new Uint8Array(0);

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}

function isArchive(head: Uint8Array): boolean {
  return startsWith(head, [0x50, 0x4b]) || readTarHeader(head) !== null;
}

/** Whether programs load a file of this name by unpickling, so that an unreadable pickle is suspicious. */
function promisesPickle(name: string, head: Uint8Array): boolean {
  if (PICKLE_NAME.test(name)) return true;
  return MAYBE_PICKLE_NAME.test(name) && head[0] === 0x80 && (head[1] ?? 9) <= 5;
}

/**
 * Find where a pickle would begin: after the header of a NumPy array of objects, otherwise at 0; `null` for a NumPy
 * array without objects.
 */
function pickleOffset(head: Uint8Array): number | null {
  if (!startsWith(head, [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59])) return 0;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const isLong = head[6]! >= 2;
  if (head.length < 12) return null;
  const start = isLong ? 12 + view.getUint32(8, true) : 10 + view.getUint16(8, true);
  const header = String.fromCharCode(...head.subarray(0, Math.min(start, head.length)));
  return /O/.test(header.slice(10)) || start > head.length ? start : null;
}

async function skipPadding(cursor: ByteCursor): Promise<void> {
  for (let count = 0; count < MAX_PADDING && !await cursor.isAtEnd(); count++) {
    const byte = cursor.peek(0)!;
    if (byte !== 0 && byte !== 0x20 && byte !== 0x0a && byte !== 0x0d) return;
    cursor.byte();
  }
}

/** Put bytes that were taken for inspection back in front of their source. */
function rejoin(head: Uint8Array, source: PickleSource): PickleSource {
  let first: Uint8Array | null = head;
  return {
    pull() {
      if (first === null) return source.pull();
      const piece = first;
      first = null;
      return piece.length === 0 ? source.pull() : Promise.resolve(piece);
    },
    leaveOut: (count) => source.leaveOut(count),
  };
}

/**
 * Whether a PAX record can replace the size in the entry's own header, in which case readers disagree. A record that is
 * too large to check counts as one.
 */
async function overridesSize(content: ByteReader): Promise<boolean> {
  const text = new TextDecoder().decode(await content.read(0, Math.min(content.sizeBytes, 65_536)));
  return content.sizeBytes > 65_536 || /(?:^|\n)\d+ (?:size|GNU\.sparse\.\w+)=/.test(text);
}
