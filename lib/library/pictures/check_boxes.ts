import type { MediaReader } from "./media_reader.ts";

/** Boxes that can be at the top level; any other box after a complete file is not part of it. */
const TOP_TYPES: ReadonlySet<string> = new Set([
  ...["ftyp", "styp", "moov", "moof", "mdat", "mfra", "meta", "sidx", "ssix", "pdin", "prft", "emsg", "udta"],
  ...["free", "skip", "wide", "uuid", "junk", "pnot", "PICT"],
]);

/** The header of a box. */
interface Box {
  readonly type: string;
  /** Offset after the last byte. */
  readonly end: number;
}

/**
 * Check the boxes of an MP4 or AVIF, up to the end of the file (ISO/IEC 14496-12), and those inside the box that
 * describes the content. Return the problem, or `null` if the file is complete.
 */
export async function checkBoxes(reader: MediaReader): Promise<string | null> {
  const seen = new Set<string>();
  while (reader.left >= 8) {
    const box = await takeBox(reader);
    if (box === null || !TOP_TYPES.has(box.type)) {
      if (isComplete(seen)) break;
      return "it is damaged: its boxes are not contiguous";
    }
    if (box.end > reader.sizeBytes) return `it is truncated: it ends inside its box "${box.type}"`;
    if (box.type === "moov" || box.type === "meta") {
      const inner = await childrenOf(reader, box);
      if (inner === null) return `it is damaged: its box "${box.type}" is broken`;
      if (inner.has("mvhd") || box.type === "meta") seen.add(box.type);
      if (inner.has("idat")) seen.add("mdat");
    } else seen.add(box.type);
    reader.skip(box.end - reader.position);
  }
  if (isComplete(seen)) return null;
  return `it is truncated: its box "${seen.has("mdat") ? "moov" : "mdat"}" is missing`;
}

function isComplete(seen: ReadonlySet<string>): boolean {
  return seen.has("mdat") && (seen.has("moov") || seen.has("meta"));
}

/** Read the header of a box; `null` where no box can begin. */
async function takeBox(reader: MediaReader): Promise<Box | null> {
  const start = reader.position;
  const head = await reader.take(8);
  if (head === null) return null;
  const type = String.fromCharCode(...head.subarray(4));
  const size = new DataView(head.buffer, head.byteOffset).getUint32(0);
  if (!/^[\xa9 -~]{4}$/.test(type)) return null;
  // Size 0 means that the box extends to the end of the file.
  if (size === 0) return { type, end: reader.sizeBytes };
  if (size !== 1) return size < 8 ? null : { type, end: start + size };
  const long = await reader.take(8);
  // The file ends inside the header, so the box is truncated.
  if (long === null) return { type, end: Infinity };
  const longSize = Number(new DataView(long.buffer, long.byteOffset).getBigUint64(0));
  return longSize < 16 ? null : { type, end: start + longSize };
}

/** Read the types of the boxes inside another; `null` if they do not fill it. */
async function childrenOf(reader: MediaReader, { type, end }: Box): Promise<ReadonlySet<string> | null> {
  const types = new Set<string>();
  // `meta` begins with version and flags, which QuickTime omits.
  if (type === "meta" && !await beginsWithBox(reader)) reader.skip(4);
  while (reader.position + 8 <= end) {
    const child = await takeBox(reader);
    if (child === null || child.end > end) return null;
    types.add(child.type);
    reader.skip(child.end - reader.position);
  }
  // QuickTime ends a list of boxes with four zeros.
  return end - reader.position < 8 ? types : null;
}

async function beginsWithBox(reader: MediaReader): Promise<boolean> {
  const head = await reader.peek(8);
  return head !== null && /^[a-z]{4}$/.test(String.fromCharCode(...head.subarray(4)));
}
