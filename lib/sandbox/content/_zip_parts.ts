import { crc32 } from "node:zlib";
import { joinBytes } from "../_join_bytes.ts";

const ENCODER = new TextEncoder();
const VERSION = 20;
/** 2025-01-01 in the DOS date format. */
const DOS_DATE = ((2025 - 1980) << 9) | (1 << 5) | 1;

/**
 * Write both ends of a ZIP file with one small entry. The bulk of the file lies between the entry and the directory,
 * where readers do not look, so it needs no checksum.
 *
 * @param sizeBytes Size of the whole file; at 4 GiB or more, readers cannot find the directory
 * @param entryName Name of the entry
 * @param entry Its content
 * @returns The first and the last bytes of the file
 */
export function zipParts(
  sizeBytes: number,
  entryName: string,
  entry: Uint8Array,
): { readonly head: Uint8Array; readonly tail: Uint8Array } {
  const name = ENCODER.encode(entryName);
  const shared = [
    ...[u16(VERSION), u16(0), u16(0), u16(0), u16(DOS_DATE)],
    ...[u32(crc32(entry)), u32(entry.length), u32(entry.length), u16(name.length), u16(0)],
  ];
  const head = joinBytes([u32(0x04034b50), ...shared, name, entry]);
  const directory = joinBytes([
    ...[u32(0x02014b50), u16(VERSION), ...shared, u16(0), u16(0), u16(0), u32(0), u32(0), name],
  ]);
  const tailBytes = directory.length + 22;
  const offset = (sizeBytes - tailBytes) % 0x100000000;
  const end = [u32(0x06054b50), u16(0), u16(0), u16(1), u16(1), u32(directory.length), u32(offset), u16(0)];
  return { head, tail: joinBytes([directory, ...end]) };
}

function u16(value: number): Uint8Array {
  return new Uint8Array(new Uint16Array([value]).buffer);
}

function u32(value: number): Uint8Array {
  return new Uint8Array(new Uint32Array([value]).buffer);
}
