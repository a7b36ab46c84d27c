import type { MediaReader } from "./media_reader.ts";

const SEGMENT = 0x18538067;
const TRACKS = 0x1654ae6b;
const CLUSTER = 0x1f43b675;
const TRUNCATED = "it is truncated: the WebM is shorter than it says";
const DAMAGED = "it is damaged: the WebM's elements are not contiguous";

/** The header of an element; `sizeBytes` is `null` if the writer did not know it, as in a live recording. */
interface Element {
  readonly id: number;
  readonly sizeBytes: number | null;
}

/**
 * Check the elements of a WebM, up to the end of its segment (RFC 8794, RFC 9559). Return the problem, or `null` if the
 * file is complete.
 */
export async function checkEbml(reader: MediaReader): Promise<string | null> {
  const head = await takeElement(reader);
  if (head === null || head.sizeBytes === null || !reader.skip(head.sizeBytes)) return TRUNCATED;
  const segment = await takeElement(reader);
  if (segment === null) return TRUNCATED;
  if (segment.id !== SEGMENT) return DAMAGED;
  const end = segment.sizeBytes === null ? reader.sizeBytes : reader.position + segment.sizeBytes;
  if (end > reader.sizeBytes) return TRUNCATED;
  const seen = new Set<number>();
  while (reader.position < end) {
    const element = await takeElement(reader);
    if (element === null) return TRUNCATED;
    const { id, sizeBytes } = element;
    if (id === 0) return DAMAGED;
    seen.add(id);
    // A cluster of unknown size ends where the next element of the segment begins, so its children are walked like
    // elements of the segment.
    if (sizeBytes === null && id === CLUSTER) continue;
    if (sizeBytes === null || reader.position + sizeBytes > end) {
      return segment.sizeBytes === null ? TRUNCATED : DAMAGED;
    }
    reader.skip(sizeBytes);
  }
  return seen.has(TRACKS) && seen.has(CLUSTER) ? null : "there is no video in the WebM";
}

/** Read the header of an element; `null` if the file ends inside it, id 0 where no element can begin. */
async function takeElement(reader: MediaReader): Promise<Element | null> {
  const id = await takeNumber(reader, 4);
  if (id === null || id.width === 0) return id === null ? null : { id: 0, sizeBytes: 0 };
  const size = await takeNumber(reader, 8);
  if (size === null || size.width === 0) return size === null ? null : { id: 0, sizeBytes: 0 };
  const isUnknown = size.value === 2 ** (7 * size.width) - 1;
  return { id: id.value + 2 ** (7 * id.width), sizeBytes: isUnknown ? null : size.value };
}

/**
 * Read a number whose width is given by the leading zeros of its first byte; the marker bit is not part of the value.
 * Width 0 means that the number is wider than `maxWidth`.
 */
async function takeNumber(
  reader: MediaReader,
  maxWidth: number,
): Promise<{ readonly value: number; readonly width: number } | null> {
  const first = (await reader.peek(1))?.[0];
  if (first === undefined) return null;
  const width = Math.clz32(first) - 23;
  if (width > maxWidth) return { value: 0, width: 0 };
  const bytes = await reader.take(width);
  if (bytes === null) return null;
  const value = bytes.subarray(1).reduce((sum, byte) => sum * 256 + byte, bytes[0]! & (0xff >> width));
  return { value, width };
}
