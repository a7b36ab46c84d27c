import { type ByteReader, bytesReader, fileReader, sliceReader } from "./byte_reader.ts";
import { ByteCursor, type ByteSource, sourceOf } from "./_byte_cursor.ts";
import { InflatedSource, inflateHead } from "./_inflate.ts";
import { type PickleReading, readPickle } from "./_read_pickle.ts";
import { ScanBudget, ScanLimitError } from "./_scan_budget.ts";
import { SCAN_LIMITS, type ScanLimits } from "./scan_limits.ts";
import { readTarHeader, TAR_BLOCK } from "./tar_header.ts";
import { BadZip, hasHiddenEntry, locateEntry, readZipDirectory, type ZipEntry } from "./_zip_directory.ts";

/** Options of {@linkcode scanPickles}. */
export interface ScanPicklesOptions {
  /**
   * The name that the file is to have; whether it promises a pickle decides about content that only begins like one.
   */
  readonly name: string;
  /** Stops the scan. */
  readonly signal?: AbortSignal | undefined;
  /**
   * What it may cost.
   *
   * @default {SCAN_LIMITS}
   */
  readonly limits?: Partial<ScanLimits> | undefined;
}

/** What was found in a file. */
export interface PickleScan {
  /** Pickles that were read to their end. */
  readonly pickles: number;
  /** What they import that is not allowed, as `module.name`. */
  readonly imports: readonly string[];
  /** Why something of it could not be looked at, with the entry that it is about. */
  readonly problems: readonly string[];
  /** Why the file is not to be loaded, for a person; `null` if nothing speaks against it. */
  readonly reason: string | null;
}

/** Formats without code; the check of formats refuses files that only have such a name. */
const HARMLESS = /\.(?:safetensors|sft|gguf)$/i;
/** Names of pickles, as files and inside of torch's archives. */
const PICKLE_NAME = /\.(?:pkl|pickle|p|pt|pt2|pth|ckpt|joblib|dill)$/i;
/** What is opened as a ZIP archive whatever it begins with. */
const ARCHIVE_NAME = /\.(?:zip|npz|pkl|pickle|p|pt|pt2|pth|ckpt)$/i;
/** In TAR archives of old PyTorch. */
const TORCH_TAR_NAME = /(?:^|\/)(?:pickle|sys_info|storages|tensors)$/;
/** Names of files that may be pickles. */
const MAYBE_PICKLE_NAME = /\.(?:bin|dat|data|model|state|npy)$/i;
/** What PyTorch begins its old files with, as a pickle; four more follow, then the data. */
const TORCH_MAGIC = [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
const TORCH_PICKLES = 5;
/** Zeros or blanks between pickles. */
const MAX_PADDING = 1024 * 1024;
const HEAD_BYTES = 4096;
const PACKED_HEAD_BYTES = 1024;
/** More than an opcode with its length and a name takes. */
const LONGEST_ARGUMENT = 512;
const MAX_TOLD = 50;

/**
 * Whether a file of this name may hold pickles at all: safetensors and GGUF cannot.
 *
 * @param name File name or path
 * @returns False for formats without code
 */
export function mayHoldPickles(name: string): boolean {
  return !HARMLESS.test(name);
}

/**
 * List what the pickles of a file would import when loaded, without loading it: in the file itself, in ZIP and TAR
 * archives, in pickles inside of pickles. Reads the opcodes only, in one pass with flat memory.
 *
 * @param reader The file
 * @param options Its name, limits, signal
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
 * {@linkcode scanPickles} of a file on disk.
 *
 * @param path The file, whatever it is called on disk
 * @param options The name that it is to have, limits, signal
 * @returns What was found
 */
export async function scanPickleFile(path: string, options: ScanPicklesOptions): Promise<PickleScan> {
  if (!mayHoldPickles(options.name)) return new Findings().result();
  using file = await Deno.open(path, { read: true });
  return await scanPickles(fileReader(file, (await file.stat()).size), options);
}

/** Collects findings, up to a limit. */
class Findings {
  pickles = 0;
  readonly #imports = new Set<string>();
  readonly #problems = new Set<string>();

  take(reading: PickleReading, inside: string | null): void {
    for (const name of reading.imports) {
      const most = isNotorious(name) ? 2 * MAX_TOLD : MAX_TOLD;
      if (this.#imports.size < most) this.#imports.add(name);
    }
    if (reading.hidden !== null) {
      this.problem(`a pickle whose imports cannot be determined: ${reading.hidden}`, inside);
    }
  }

  problem(what: string, inside: string | null): void {
    if (this.#problems.size >= MAX_TOLD) return;
    this.#problems.add(inside === null ? what : `${what} (in "${showEntry(inside)}")`);
  }

  result(): PickleScan {
    // A message shows only a few names, so known harmful ones come before those that are only unknown.
    const imports = [...this.#imports].toSorted((a, b) => Number(isNotorious(b)) - Number(isNotorious(a)));
    const problems = [...this.#problems];
    return { pickles: this.pickles, imports, problems, reason: explain(imports, problems) };
  }
}

/** Modules of Python that run commands or code, or reach files and networks; any `eval` or the like. */
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

/** Names of entries are outside text: one short line. */
function showEntry(name: string): string {
  return name.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "?").slice(0, 120);
}

/** Where content comes from. */
interface Place {
  /** The last part of the path decides. */
  readonly name: string;
  /** The entry of an archive, with those around it; `null` for the file itself. */
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

  /** Everything that some program could take these bytes for: they may be several things at once. */
  async content(reader: ByteReader, place: Place): Promise<void> {
    const { inside } = place;
    try {
      this.#budget.assertDepth(place.depth);
      const head = await reader.read(0, HEAD_BYTES);
      const isZip = startsWith(head, [0x50, 0x4b]);
      const isTar = readTarHeader(head) !== null;
      // The end of a file is looked at only where it can matter: archives hold thousands of tensors.
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

  /** Pickle after pickle. Where no pickle is promised, bytes that only look like one at first are none. */
  async #pickles(source: ByteSource, place: Place & { readonly isPromised: boolean }): Promise<void> {
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
        if (isZip) this.#found.problem("has no directory of its ZIP archive", place.inside);
        return;
      }
      let position = 0;
      for (const entry of directory.entries) {
        position = await this.#zipEntry(reader, entry, { ...place, position });
      }
      if (position > directory.offset) throw new BadZip("has an entry that lies in the directory");
      if (await hasHiddenEntry(reader, position, directory.offset)) {
        throw new BadZip("has an entry that its directory does not name");
      }
    } catch (error) {
      if (!(error instanceof BadZip)) throw error;
      // What only has the end of an archive, somewhere near its end, is none.
      if (isZip || promisesPickle(place.name, EMPTY)) {
        this.#found.problem(`${error.message} in its ZIP archive`, place.inside);
      }
    }
  }

  /** One entry; where it ends. */
  async #zipEntry(
    reader: ByteReader,
    entry: ZipEntry,
    place: Place & { readonly position: number },
  ): Promise<number> {
    this.#budget.takeEntry();
    const { offset, end } = await locateEntry(reader, entry);
    if (entry.offset < place.position) throw new BadZip("has entries that share bytes");
    if (await hasHiddenEntry(reader, place.position, entry.offset)) {
      throw new BadZip("has an entry that its directory does not name");
    }
    if (end > reader.sizeBytes) throw new BadZip("has an entry that lies outside of the file");
    const inside = place.inside === null ? entry.name : `${place.inside}/${entry.name}`;
    const inner: Place = { name: entry.name, inside, depth: place.depth + 1 };
    const packed = sliceReader(reader, offset, end - offset);
    if (entry.isEncrypted) this.#found.problem("has an encrypted entry", inside);
    else if (entry.method === 8) await this.#deflated(packed, entry, inner);
    else if (entry.method !== 0) {
      this.#found.problem("has an entry that is packed in a way that cannot be read", inside);
    } else if (entry.compressedBytes !== entry.sizeBytes) throw new BadZip("has an entry of two sizes");
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

  /** Pictures and texts of training data come by the thousand, and their first bytes tell that they are no pickles. */
  async #isNoPickle(packed: ByteReader, entry: ZipEntry, place: Place): Promise<boolean> {
    const head = inflateHead(await packed.read(0, PACKED_HEAD_BYTES));
    if (head === null || isArchive(head) || pickleOffset(head) !== 0 || promisesPickle(place.name, head)) return false;
    const cursor = new ByteCursor(sourceOf(bytesReader(head), this.#budget));
    const { isWhole, isHarmful } = await readPickle(cursor, this.#budget, place.depth);
    if (isWhole || isHarmful) return false;
    // It must have ended by what stands there, not for want of what comes behind.
    return cursor.ready >= LONGEST_ARGUMENT || head.length === entry.sizeBytes;
  }

  /** An archive must be read from its end, so a packed one is unpacked into memory. */
  async #inflate(head: Uint8Array, source: ByteSource, entry: ZipEntry): Promise<Uint8Array> {
    const most = this.#budget.limits.nestedArchiveBytes;
    const pieces: Uint8Array[] = [];
    let size = 0;
    for (let piece: Uint8Array | null = head; piece !== null; piece = await source.pull()) {
      size += piece.length;
      if (size > most) throw new ScanLimitError(`has a packed archive of more than ${most} bytes inside`);
      pieces.push(piece);
    }
    if (size !== entry.sizeBytes) throw new BadZip("has an entry of two sizes");
    const whole = new Uint8Array(size);
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  async #tar(reader: ByteReader, place: Place): Promise<void> {
    for (let at = 0; at + TAR_BLOCK <= reader.sizeBytes;) {
      this.#budget.takeEntry();
      const header = readTarHeader(await reader.read(at, TAR_BLOCK));
      if (header === null) return;
      const { name, sizeBytes, type } = header;
      const content = sliceReader(reader, at + TAR_BLOCK, sizeBytes);
      const inside = place.inside === null ? name : `${place.inside}/${name}`;
      if (type === "S") this.#found.problem("has a TAR entry with holes, which cannot be read", inside);
      if ((type === "x" || type === "g") && await overridesSize(content)) {
        this.#found.problem("has a TAR entry of two sizes", inside);
      }
      if (type === "0" || type === "7") await this.#tarEntry(content, { name, inside, depth: place.depth + 1 });
      at += TAR_BLOCK + Math.ceil(sizeBytes / TAR_BLOCK) * TAR_BLOCK;
    }
  }

  async #tarEntry(content: ByteReader, place: Place): Promise<void> {
    if (!TORCH_TAR_NAME.test(place.name)) return await this.content(content, place);
    // Old PyTorch has raw data between the pickles of an entry: behind it, nobody knows where the next one begins.
    this.#budget.assertDepth(place.depth);
    const cursor = new ByteCursor(sourceOf(content, this.#budget));
    while (!await cursor.isAtEnd()) {
      const reading = await readPickle(cursor, this.#budget, place.depth);
      this.#found.take(reading, place.inside);
      if (!reading.isWhole) {
        return this.#found.problem("has data between its pickles, which hides others", place.inside);
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

/** Whether whoever finds this name loads it by unpickling, so that what cannot be read is no accident. */
function promisesPickle(name: string, head: Uint8Array): boolean {
  if (PICKLE_NAME.test(name)) return true;
  return MAYBE_PICKLE_NAME.test(name) && head[0] === 0x80 && (head[1] ?? 9) <= 5;
}

/** Where a pickle would begin: behind the header of a NumPy array of objects, else at the start. */
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

/** What was taken from a source to look at, and the rest of it. */
function rejoin(head: Uint8Array, source: ByteSource): ByteSource {
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

/** A record of a PAX header may say another size than the entry's own header does. */
async function overridesSize(content: ByteReader): Promise<boolean> {
  const text = new TextDecoder().decode(await content.read(0, Math.min(content.sizeBytes, 65_536)));
  return content.sizeBytes > 65_536 || /(?:^|\n)\d+ (?:size|GNU\.sparse\.\w+)=/.test(text);
}
