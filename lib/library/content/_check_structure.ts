import { readAt } from "../read_at.ts";
import { checkMedia } from "../pictures/check_media.ts";
import { readSafetensorsHeader } from "./_safetensors_header.ts";
import type { FileFormat } from "./sniff_format.ts";
import { isMediaFormat } from "../pictures/sniff_image.ts";

/**
 * Check the structure of a safetensors, GGUF, ZIP or media file. Of a GGUF only the version is checked, so a truncated
 * one may pass. Return the problem; `null` if none was found, or if the format is not checked.
 */
export async function checkStructure(file: Deno.FsFile, format: FileFormat, sizeBytes: number): Promise<string | null> {
  if (format === "safetensors") return await checkSafetensors(file, sizeBytes);
  if (format === "gguf") return await checkGguf(file);
  if (format === "zip") return await checkZip(file, sizeBytes);
  if (!isMediaFormat(format)) return null;
  return await checkMedia({ read: (offset, length) => readAt(file, offset, length), sizeBytes, format });
}

async function checkSafetensors(file: Deno.FsFile, sizeBytes: number): Promise<string | null> {
  const header = await readSafetensorsHeader(file, sizeBytes);
  if (typeof header === "string") return header;
  if (header.fileBytes === sizeBytes) return null;
  const what = sizeBytes < header.fileBytes ? "truncated" : "too long";
  return `it is ${what}: ${header.fileBytes} bytes expected, ${sizeBytes} found`;
}

async function checkGguf(file: Deno.FsFile): Promise<string | null> {
  const head = await readAt(file, 0, 24);
  if (head.length < 24) return "it ends inside its header";
  const view = new DataView(head.buffer);
  // A version written on a big-endian machine looks huge when read as little-endian.
  const version = Math.min(view.getUint32(4, true), view.getUint32(4, false));
  return version >= 1 && version <= 3 ? null : `it has GGUF version ${version}, supported versions are 1 to 3`;
}

const END_RECORD = 0x06054b50;
const END_RECORD_BYTES = 22;
/** Value of a 32-bit field whose actual value is in the ZIP64 record. */
const IN_ZIP64 = 0xffffffff;

/** Check for the end record of a ZIP, which a truncated file lacks. */
async function checkZip(file: Deno.FsFile, sizeBytes: number): Promise<string | null> {
  const tail = await readAt(file, Math.max(0, sizeBytes - END_RECORD_BYTES - 0xffff), END_RECORD_BYTES + 0xffff);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  for (let position = tail.length - END_RECORD_BYTES; position >= 0; position--) {
    if (view.getUint32(position, true) !== END_RECORD) continue;
    const commentBytes = view.getUint16(position + 20, true);
    if (position + END_RECORD_BYTES + commentBytes > tail.length) continue;
    const directoryBytes = view.getUint32(position + 12, true);
    const directoryOffset = view.getUint32(position + 16, true);
    if (directoryBytes === IN_ZIP64 || directoryOffset === IN_ZIP64) return null;
    const endOffset = sizeBytes - tail.length + position;
    return directoryOffset + directoryBytes <= endOffset ? null : "its ZIP directory lies outside of the file";
  }
  return "it is truncated: the end of the ZIP archive is missing";
}
