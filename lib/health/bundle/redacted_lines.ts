import { openNoFollow, type Redactor } from "../../base/mod.ts";

/** A longer line is replaced by a note, because a secret could lie across the cut. */
const MAX_LINE = 1 << 20;
const CHUNK_BYTES = 1 << 18;

/** Options of {@linkcode redactedLines}. */
export interface RedactedLinesOptions {
  /** Bytes to take from the end of the file. */
  readonly tailBytes: number;
  /** Removes secrets and names from whole lines. */
  readonly redact: Redactor;
  /** Stops reading. */
  readonly signal: AbortSignal;
}

/**
 * Read the end of a text file line by line, and redact it. Only a chunk and a line are in memory, however long the file
 * is.
 *
 * @param path The file
 * @param options How much of it, and the redactor
 * @returns Chunks of whole lines
 */
export async function* redactedLines(path: string, options: RedactedLinesOptions): AsyncGenerator<string> {
  const { tailBytes, redact, signal } = options;
  using file = await openNoFollow(path, { read: true });
  const { size } = await file.stat();
  const start = Math.max(0, size - tailBytes);
  await file.seek(start, Deno.SeekMode.Start);
  // A file that is being written must not be followed forever.
  let left = size - start;
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(CHUNK_BYTES);
  let rest = "";
  let skipped = 0;
  // The first line of a tail is cut, so that its secrets may not be recognized.
  let isInside = start > 0;
  while (left > 0) {
    signal.throwIfAborted();
    const count = await file.read(chunk.subarray(0, Math.min(chunk.length, left)));
    if (count === null) break;
    left -= count;
    let text = rest + decoder.decode(chunk.subarray(0, count), { stream: true });
    if (isInside) {
      const end = text.indexOf("\n");
      skipped += end === -1 ? text.length : end + 1;
      rest = "";
      if (end === -1) continue;
      isInside = false;
      yield `[${skipped} characters of a line are left out]\n`;
      skipped = 0;
      text = text.slice(end + 1);
    }
    const end = text.lastIndexOf("\n") + 1;
    rest = text.slice(end);
    if (end > 0) yield redact(text.slice(0, end));
    if (rest.length <= MAX_LINE) continue;
    isInside = true;
    skipped = rest.length;
    rest = "";
  }
  rest += decoder.decode();
  if (isInside) yield `[${skipped} characters of a line are left out]\n`;
  else if (rest !== "") yield redact(rest);
}
