import { crc32, deflateRawSync } from "node:zlib";

/** Join bytes and texts, in which each character is one byte. */
export function bytes(...parts: readonly (string | Uint8Array | number)[]): Uint8Array<ArrayBuffer> {
  const all = parts.map((part) =>
    typeof part === "number"
      ? Uint8Array.of(part)
      : typeof part === "string"
      ? Uint8Array.from(part, (char) => char.charCodeAt(0))
      : part
  );
  const joined = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of all) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** A pickle of version 0 that runs a command. */
export const HARMFUL = bytes("cos\nsystem\n(S'true'\ntR.");
/** An empty dictionary, in a pickle of version 2. */
export const HARMLESS = bytes("\x80\x02}q\x00.");

/** A number in a given count of bytes, least significant first. */
export function le(value: number, count: number): Uint8Array {
  const result = new Uint8Array(count);
  for (let index = 0; index < count; index++) result[index] = Math.floor(value / 256 ** index) % 256;
  return result;
}

/** A short text in a pickle of version 4. */
export function text(value: string): Uint8Array {
  return bytes("\x8c", value.length, value);
}

/** An entry of a ZIP archive, and false fields of its two headers. */
export interface ZipPart {
  readonly name: string;
  readonly content: Uint8Array;
  readonly isDeflated?: boolean;
  readonly local?: {
    readonly name?: string;
    readonly flags?: number;
    readonly method?: number;
    readonly size?: number;
  };
  readonly central?: {
    readonly name?: string;
    readonly flags?: number;
    readonly method?: number;
    readonly offset?: number;
    readonly size?: number;
  };
  /** Omitted from the directory. */
  readonly isHidden?: boolean;
}

/** False fields of the end of a ZIP archive. */
export interface ZipEnd {
  readonly count?: number;
  readonly offset?: number;
  readonly comment?: string;
  readonly trailer?: Uint8Array;
  /** Write the sizes in 64-bit records. */
  readonly isWide?: boolean;
}

/** A ZIP archive. */
export function zipOf(parts: readonly ZipPart[], end: ZipEnd = {}): Uint8Array<ArrayBuffer> {
  const files: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  let count = 0;
  for (const { name, content, isDeflated = false, local = {}, central = {}, isHidden = false } of parts) {
    const packed = isDeflated ? deflateRawSync(content) : content;
    const method = isDeflated ? 8 : 0;
    const sums = (size: number): Uint8Array => bytes(le(crc32(content), 4), le(packed.length, 4), le(size, 4));
    const localName = bytes(local.name ?? name);
    const file = bytes(
      ...["PK\x03\x04", le(20, 2), le(local.flags ?? 0, 2), le(local.method ?? method, 2), le(0, 4)],
      ...[sums(local.size ?? content.length), le(localName.length, 2), le(0, 2), localName, packed],
    );
    const centralName = bytes(central.name ?? name);
    if (!isHidden) {
      count++;
      directory.push(bytes(
        ...["PK\x01\x02", le(20, 2), le(20, 2), le(central.flags ?? 0, 2), le(central.method ?? method, 2), le(0, 4)],
        ...[sums(central.size ?? content.length), le(centralName.length, 2), le(0, 12)],
        ...[le(central.offset ?? offset, 4), centralName],
      ));
    }
    files.push(file);
    offset += file.length;
  }
  const listing = bytes(...directory);
  return bytes(...files, listing, endOf({ count, offset, listing }, end));
}

interface ZipFacts {
  readonly count: number;
  readonly offset: number;
  readonly listing: Uint8Array;
}

function endOf({ count, offset, listing }: ZipFacts, end: ZipEnd): Uint8Array {
  const { comment = "", trailer = new Uint8Array(0), isWide = false } = end;
  const wide = bytes(
    ...["PK\x06\x06", le(44, 8), le(45, 2), le(45, 2), le(0, 8), le(count, 8), le(count, 8), le(listing.length, 8)],
    ...[le(offset, 8), "PK\x06\x07", le(0, 4), le(offset + listing.length, 8), le(1, 4)],
  );
  const told = end.count ?? count;
  const full = isWide ? 0xffffffff : undefined;
  return bytes(
    ...[isWide ? wide : "", "PK\x05\x06", le(0, 4), le(told, 2), le(told, 2), le(full ?? listing.length, 4)],
    ...[le(full ?? end.offset ?? offset, 4), le(comment.length, 2), comment, trailer],
  );
}

/** A TAR archive. */
export function tarOf(
  parts: readonly { readonly name: string; readonly content: Uint8Array; readonly type?: string }[],
): Uint8Array<ArrayBuffer> {
  const blocks = parts.flatMap(({ name, content, type = "0" }) => {
    const head = new Uint8Array(512);
    head.set(bytes(name));
    head.set(bytes("0000644\0", "0000000\0", "0000000\0", content.length.toString(8).padStart(11, "0"), "\0"), 100);
    head.set(bytes("00000000000\0", "        ", type), 136);
    head.set(bytes("ustar\x0000"), 257);
    const sum = head.reduce((total, byte) => total + byte, 0);
    head.set(bytes(sum.toString(8).padStart(6, "0"), "\0 "), 148);
    return [head, content, new Uint8Array((512 - content.length % 512) % 512)];
  });
  return bytes(...blocks, new Uint8Array(1024));
}
