import type { MediaReader } from "./media_reader.ts";

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const TRUNCATED = "it is truncated: the GIF has no trailer";

/**
 * Check the blocks of a GIF, up to its trailer (GIF89a, appendices A and B). Return the problem, or `null` if the file
 * is complete.
 */
export async function checkGif(reader: MediaReader): Promise<string | null> {
  const head = await reader.take(13);
  if (head === null || !reader.skip(colorTableBytes(head[10]!))) return TRUNCATED;
  let hasImage = false;
  for (;;) {
    const block = (await reader.take(1))?.[0];
    switch (block) {
      case undefined:
        return TRUNCATED;
      case TRAILER:
        return hasImage ? null : "it is damaged: the GIF has no image data";
      case EXTENSION:
        if (!reader.skip(1) || !await skipSubBlocks(reader)) return TRUNCATED;
        break;
      case IMAGE: {
        const descriptor = await reader.take(9);
        if (descriptor === null || !reader.skip(colorTableBytes(descriptor[8]!) + 1)) return TRUNCATED;
        if (!await skipSubBlocks(reader)) return TRUNCATED;
        hasImage = true;
        break;
      }
      default:
        return "it is damaged: the GIF has a block of an unknown type";
    }
  }
}

function colorTableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

/**
 * Skip sub-blocks, each of which begins with its length; the last one has length 0. Return false if the file ends
 * before it.
 */
async function skipSubBlocks(reader: MediaReader): Promise<boolean> {
  for (let bytes = await reader.peekAvailable(); bytes.length > 0; bytes = await reader.peekAvailable()) {
    let offset = 0;
    while (offset < bytes.length) {
      const length = bytes[offset]!;
      offset += length + 1;
      if (length === 0) return reader.skip(offset);
    }
    if (!reader.skip(offset)) return false;
  }
  return false;
}
