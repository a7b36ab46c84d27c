import { crc32 } from "node:zlib";
import type { MediaReader } from "./media_reader.ts";

const TRUNCATED = "it is truncated: the PNG has no IEND chunk";
const MAX_CHUNK_BYTES = 0x7fffffff;

/**
 * Check the CRC of each chunk of a PNG, up to the last one (ISO/IEC 15948). Return the problem, or `null` if the file
 * is complete.
 */
export async function checkPng(reader: MediaReader): Promise<string | null> {
  reader.skip(8);
  let isFirst = true;
  let hasData = false;
  for (;;) {
    const head = await reader.take(8);
    if (head === null) return TRUNCATED;
    const length = new DataView(head.buffer, head.byteOffset).getUint32(0);
    const type = String.fromCharCode(...head.subarray(4));
    if (length > MAX_CHUNK_BYTES || !/^[a-z]{4}$/i.test(type)) {
      return "it is damaged: a chunk of the PNG has an invalid length or type";
    }
    if (isFirst && type !== "IHDR") return "it is damaged: the PNG does not begin with its header";
    const crc = await crcOf(reader, length, crc32(head.subarray(4)));
    const stored = await reader.take(4);
    if (crc === null || stored === null) return TRUNCATED;
    if (new DataView(stored.buffer, stored.byteOffset).getUint32(0) !== crc) {
      return `it is damaged: the CRC of the PNG's chunk ${type} is wrong`;
    }
    isFirst = false;
    hasData ||= type === "IDAT";
    if (type === "IEND") return hasData ? null : "it is damaged: the PNG has no image data";
  }
}

async function crcOf(reader: MediaReader, length: number, start: number): Promise<number | null> {
  if (length > reader.left) return null;
  let crc = start;
  for (let left = length; left > 0;) {
    const bytes = (await reader.peekAvailable()).subarray(0, left);
    if (bytes.length === 0) return null;
    crc = crc32(bytes, crc);
    left -= bytes.length;
    reader.skip(bytes.length);
  }
  return crc;
}
