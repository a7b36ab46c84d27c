import type { MediaReader } from "./media_reader.ts";

/** Name of each RIFF format, and the chunks that it needs: at least one from each list. */
const NEEDED = {
  webp: { name: "WebP", chunks: [["VP8 ", "VP8L", "ANMF"]] },
  wav: { name: "WAV", chunks: [["fmt "], ["data"]] },
} as const;
/** Value of the size field if the writer did not know the size yet. */
const UNKNOWN_SIZE = 0xffffffff;

/**
 * Check the chunks of a WebP (RFC 9649) or WAV, up to the size that its header states. Return the problem, or `null` if
 * the file is complete.
 */
export async function checkRiff(reader: MediaReader, format: "webp" | "wav"): Promise<string | null> {
  const { name, chunks } = NEEDED[format];
  const truncated = `it is truncated: the ${name} is shorter than it says`;
  const damaged = `it is damaged: the ${name}'s chunks do not fill it`;
  const head = await reader.take(12);
  if (head === null) return truncated;
  const stated = sizeAt(head, 4);
  const isOpen = format === "wav" && (stated === UNKNOWN_SIZE || stated === 0);
  const end = isOpen ? reader.sizeBytes : 8 + stated;
  // Some writers omit the byte that pads the last chunk to an even size, but count it.
  if (end > reader.sizeBytes + 1) return truncated;
  const seen = new Set<string>();
  while (reader.position + 8 <= end) {
    const chunk = await reader.take(8);
    if (chunk === null) return truncated;
    const type = String.fromCharCode(...chunk.subarray(0, 4));
    const length = isOpen && type === "data" && sizeAt(chunk, 4) === UNKNOWN_SIZE ? reader.left : sizeAt(chunk, 4);
    if (!/^[ -~]{4}$/.test(type) || reader.position + length > end) return damaged;
    if (length > reader.left) return truncated;
    if (!await beginsRight(reader, type, length)) return damaged;
    reader.skip(Math.min(length + length % 2, reader.left));
    seen.add(type);
  }
  const isComplete = chunks.every((kinds) => kinds.some((kind) => seen.has(kind)));
  return isComplete ? null : `it is damaged: the ${name} has no ${format === "webp" ? "image" : "audio"} data`;
}

/** Whether a chunk begins as it must: a VP8 frame with a start code (RFC 6386, 9.1), a VP8L frame with a signature. */
async function beginsRight(reader: MediaReader, type: string, length: number): Promise<boolean> {
  if (type === "VP8L") return length > 0 && (await reader.peek(1))?.[0] === 0x2f;
  if (type !== "VP8 ") return true;
  const head = length < 10 ? null : await reader.peek(6);
  return head !== null && head[3] === 0x9d && head[4] === 0x01 && head[5] === 0x2a;
}

function sizeAt(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset, true);
}
