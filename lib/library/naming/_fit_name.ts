const encoder = new TextEncoder();

/** Maximum length of one name. */
export interface NameLimits {
  /** UTF-16 units, as Windows counts. */
  readonly maxChars: number;
  /** UTF-8 bytes, as Linux counts. */
  readonly maxBytes: number;
}

/**
 * Limits of every generated name. 40 bytes are reserved for suffixes of files next to it:
 * `.metadata.json.civitai-dl.tmp`, `.part` and `.journal`.
 */
export const NAME_LIMITS: NameLimits = { maxChars: 200, maxBytes: 255 - 40 };

/** Join head and tail, and cut the head between graphemes until both fit. The tail stays whole if it fits at all. */
export function fitName(head: string, tail: string, limits: NameLimits): string {
  const maxChars = limits.maxChars - tail.length;
  const maxBytes = limits.maxBytes - byteLength(tail);
  if (head.length <= maxChars && byteLength(head) <= maxBytes) return head + tail;
  if (maxChars < 1 || maxBytes < 1) return tail === "" ? "" : fitName(head + tail, "", limits);
  return cut(head, maxChars, maxBytes).replace(/[.\s]+$/u, "") + tail;
}

function cut(text: string, maxChars: number, maxBytes: number): string {
  // Not in the module: the first one takes 15 ms, and few names are cut.
  const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });
  let chars = 0;
  let bytes = 0;
  // No grapheme that fits starts beyond the limit, so the rest of a name of megabytes is never segmented.
  for (const { segment, index } of graphemes.segment(text.slice(0, maxChars + 1))) {
    bytes += byteLength(segment);
    if (index + segment.length > maxChars || bytes > maxBytes) break;
    chars = index + segment.length;
  }
  return text.slice(0, chars);
}

function byteLength(text: string): number {
  return encoder.encode(text).length;
}
