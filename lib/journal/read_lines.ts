import { LineSplitter } from "./_line_splitter.ts";

const MAX_LINE_BYTES = 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

/**
 * Read a log from its start. Lines longer than 1 MiB, and a last line without a line break, are skipped.
 *
 * @param path The log; if it does not exist, nothing is read
 * @param onLine Called with each line, without its line break
 */
export async function readLines(path: string, onLine: (line: string) => void): Promise<void> {
  const splitter = new LineSplitter({ maxBytes: MAX_LINE_BYTES, counts: { tooLong: 0, withNulBytes: 0 } });
  const buffer = new Uint8Array(CHUNK_BYTES);
  let file: Deno.FsFile | undefined;
  try {
    file = await Deno.open(path);
    for (let count = await file.read(buffer); count !== null; count = await file.read(buffer)) {
      for (const line of splitter.push(buffer.subarray(0, count))) onLine(line);
    }
  } catch (error) {
    // The log does not exist, or has just been rotated.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  } finally {
    file?.close();
  }
}
