import type { ByteReader } from "./byte_reader.ts";
import type { ScanBudget } from "./_scan_budget.ts";

/** One file of a ZIP archive, as the directory describes it. */
export interface ZipEntry {
  readonly name: string;
  readonly nameBytes: Uint8Array;
  readonly isEncrypted: boolean;
  /** Compression method: 0 is stored, 8 is deflated. */
  readonly method: number;
  readonly compressedBytes: number;
  readonly sizeBytes: number;
  /** Offset of the entry's local header. */
  readonly offset: number;
}

/** A ZIP archive that cannot be read, or that programs read in different ways. */
export class BadZip extends Error {
  /** The name that stack traces print. */
  override name = "BadZip";
}

/** The entries of an archive, sorted by offset, and where its directory begins. */
export interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  readonly offset: number;
}

const END_BYTES = 22;
const IN_ZIP64 = 0xffffffff;
const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;

interface EndRecord {
  /** Offset where the record begins. */
  readonly position: number;
  readonly count: number;
  readonly directoryBytes: number;
  readonly directoryOffset: number;
}

/**
 * Read the directory of a ZIP archive. Refuses what two readers would understand differently: an end record that is not
 * at the end, a directory that is not where the end record places it, a wrong number of entries. The caller checks that
 * entries do not share bytes.
 *
 * @returns The directory; `null` if the file has no end record, and therefore is not a ZIP archive
 * @throws {BadZip} If the directory is damaged, ambiguous or too large
 */
export async function readZipDirectory(reader: ByteReader, budget: ScanBudget): Promise<ZipDirectory | null> {
  const end = await findEnd(reader);
  if (end === null) return null;
  const { directoryBytes, directoryOffset, count, position } = end;
  if (directoryOffset + directoryBytes !== position) {
    throw new BadZip("has a directory that is not where its end record places it");
  }
  if (directoryBytes > budget.limits.directoryBytes) throw new BadZip("has a directory that is too large to be read");
  const bytes = await reader.read(directoryOffset, directoryBytes);
  if (bytes.length !== directoryBytes) throw new BadZip("has a directory that lies outside of the file");
  const entries = parseEntries(bytes, budget);
  if (entries.length !== count) throw new BadZip("has a number of entries that differs from its end record");
  return { entries: entries.sort((a, b) => a.offset - b.offset), offset: directoryOffset };
}

async function findEnd(reader: ByteReader): Promise<EndRecord | null> {
  const start = Math.max(0, reader.sizeBytes - END_BYTES - 0xffff);
  const tail = await reader.read(start, reader.sizeBytes - start);
  const view = viewOf(tail);
  let index = tail.length - END_BYTES;
  while (index >= 0 && view.getUint32(index, true) !== 0x06054b50) index--;
  if (index < 0) return null;
  if (index + END_BYTES + view.getUint16(index + 20, true) !== tail.length) {
    throw new BadZip("does not end where its end record says");
  }
  const record: EndRecord = {
    position: start + index,
    count: view.getUint16(index + 10, true),
    directoryBytes: view.getUint32(index + 12, true),
    directoryOffset: view.getUint32(index + 16, true),
  };
  return await findZip64End(reader, record) ?? record;
}

/** Find the 64-bit end record. Readers use it whenever it has a locator, so it must agree with the old end record. */
async function findZip64End(reader: ByteReader, old: EndRecord): Promise<EndRecord | null> {
  const locator = old.position >= 20 ? await reader.read(old.position - 20, 20) : new Uint8Array(0);
  const hasLocator = locator.length === 20 && viewOf(locator).getUint32(0, true) === 0x07064b50;
  if (!hasLocator) {
    if (old.directoryOffset === IN_ZIP64 || old.directoryBytes === IN_ZIP64) {
      throw new BadZip("has no 64-bit end record");
    }
    return null;
  }
  const position = Number(viewOf(locator).getBigUint64(8, true));
  const bytes = position + 56 <= old.position - 20 ? await reader.read(position, 56) : new Uint8Array(0);
  const view = viewOf(bytes);
  if (bytes.length < 56 || view.getUint32(0, true) !== 0x06064b50) throw new BadZip("has a damaged 64-bit end record");
  if (position + 12 + Number(view.getBigUint64(4, true)) !== old.position - 20) {
    throw new BadZip("has a misplaced 64-bit end record");
  }
  const record: EndRecord = {
    position,
    count: Number(view.getBigUint64(32, true)),
    directoryBytes: Number(view.getBigUint64(40, true)),
    directoryOffset: Number(view.getBigUint64(48, true)),
  };
  const agrees = (small: number, large: number, full: number): boolean => small === full || small === large;
  if (
    !agrees(old.count, record.count, 0xffff) || !agrees(old.directoryBytes, record.directoryBytes, IN_ZIP64) ||
    !agrees(old.directoryOffset, record.directoryOffset, IN_ZIP64)
  ) {
    throw new BadZip("has two end records that differ");
  }
  return record;
}

function parseEntries(bytes: Uint8Array, budget: ScanBudget): ZipEntry[] {
  const view = viewOf(bytes);
  const entries: ZipEntry[] = [];
  for (let position = 0; position < bytes.length;) {
    budget.takeEntry();
    if (position + 46 > bytes.length || view.getUint32(position, true) !== 0x02014b50) {
      throw new BadZip("has a damaged directory");
    }
    const nameEnd = position + 46 + view.getUint16(position + 28, true);
    const extraEnd = nameEnd + view.getUint16(position + 30, true);
    const next = extraEnd + view.getUint16(position + 32, true);
    if (next > bytes.length) throw new BadZip("has a damaged directory");
    const nameBytes = bytes.subarray(position + 46, nameEnd);
    const name = new TextDecoder().decode(nameBytes);
    if (nameBytes.includes(0)) throw new BadZip("has an entry name that some readers cut at a NUL");
    const wide = new WideFields(bytes.subarray(nameEnd, extraEnd));
    // The extra field contains the values in this order, and only those whose 32-bit field is 0xffffffff.
    const sizeBytes = wide.take(view.getUint32(position + 24, true));
    const compressedBytes = wide.take(view.getUint32(position + 20, true));
    const offset = wide.take(view.getUint32(position + 42, true));
    entries.push({
      name,
      nameBytes,
      sizeBytes,
      compressedBytes,
      offset,
      isEncrypted: isEncrypted(view.getUint16(position + 8, true)),
      method: view.getUint16(position + 10, true),
    });
    position = next;
  }
  return entries;
}

/** Bit 0 means encrypted, bit 6 strong encryption, bit 13 a masked header. */
function isEncrypted(flags: number): boolean {
  return (flags & 0x2041) !== 0;
}

/** The 64-bit values of an entry, read from its extra field in order. */
class WideFields {
  readonly #view: DataView | null;
  #at = 0;

  constructor(extra: Uint8Array) {
    this.#view = findExtra(extra);
  }

  take(old: number): number {
    if (old !== IN_ZIP64) return old;
    if (this.#view === null || this.#at + 8 > this.#view.byteLength) throw new BadZip("has an entry without its size");
    const value = Number(this.#view.getBigUint64(this.#at, true));
    this.#at += 8;
    return value;
  }
}

function findExtra(extra: Uint8Array): DataView | null {
  const view = viewOf(extra);
  for (let offset = 0; offset + 4 <= extra.length;) {
    const end = offset + 4 + view.getUint16(offset + 2, true);
    if (view.getUint16(offset, true) === 1 && end <= extra.length) return viewOf(extra.subarray(offset + 4, end));
    offset = end;
  }
  return null;
}

/** Where the content of an entry is. */
export interface ZipContent {
  readonly offset: number;
  /** Offset after the last byte. */
  readonly end: number;
}

/**
 * Find the content of an entry. Compares the entry's own header with the directory, because readers differ in which of
 * the two they trust.
 */
export async function locateEntry(reader: ByteReader, entry: ZipEntry): Promise<ZipContent> {
  const head = await reader.read(entry.offset, 30 + entry.nameBytes.length);
  const view = viewOf(head);
  if (head.length < 30 || view.getUint32(0, true) !== LOCAL) {
    throw new BadZip("has an entry that is not where it should be");
  }
  const flags = view.getUint16(6, true);
  const name = head.subarray(30, 30 + view.getUint16(26, true));
  const isSame = name.length === entry.nameBytes.length && name.every((byte, index) => byte === entry.nameBytes[index]);
  if (!isSame) throw new BadZip("has an entry with two names");
  if (view.getUint16(8, true) !== entry.method) throw new BadZip("has an entry that is packed in two ways");
  if (isEncrypted(flags)) throw new BadZip("has an encrypted entry");
  const compressed = view.getUint32(18, true);
  const size = view.getUint32(22, true);
  // A streaming writer knows the sizes only after the content (bit 3).
  const isLater = (flags & 8) !== 0 && compressed === 0;
  const isKnown = (value: number): boolean => value !== IN_ZIP64 && !isLater;
  if ((isKnown(compressed) && compressed !== entry.compressedBytes) || (isKnown(size) && size !== entry.sizeBytes)) {
    throw new BadZip("has an entry with two sizes");
  }
  const offset = entry.offset + 30 + name.length + view.getUint16(28, true);
  return { offset, end: offset + entry.compressedBytes };
}

/** Whether an entry that the directory does not list begins between two others; streaming readers find it. */
export async function hasHiddenEntry(reader: ByteReader, start: number, end: number): Promise<boolean> {
  if (end - start < 30) return false;
  const bytes = await reader.read(start, 28);
  const view = viewOf(bytes);
  const isAt = (position: number): boolean => position + 4 <= bytes.length && view.getUint32(position, true) === LOCAL;
  if (isAt(0)) return true;
  // The descriptor of the previous entry can come first, with or without its signature, with 32 or 64 bits.
  if (view.getUint32(0, true) === DESCRIPTOR) return isAt(16) || isAt(24);
  return isAt(12) || isAt(20);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
