import { openNoFollow } from "../../base/mod.ts";

/** Number of bytes to read from the end; more than the length of the longest complete line. */
const TAIL_BYTES = 65_536;

/**
 * Truncate a journal after its last valid line. This removes a line that is incomplete because the disk was full or the
 * process was killed, and intervals that will be run again. It works in place, even on a full disk, and reads only the
 * end of the file.
 *
 * @param path The journal, which need not exist
 * @param intervals The number of intervals in the report; later ones are removed
 */
export async function cutJournal(path: string, intervals = Infinity): Promise<void> {
  let file: Deno.FsFile;
  try {
    file = await openNoFollow(path, { read: true, write: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  using _ = file;
  const { size } = await file.stat();
  let end = size;
  while (end > 0) {
    const tail = await readBefore(file, end);
    // Skip the line break that ends the last line. `subarray`, because a negative `fromIndex` would count from the end.
    const from = tail.subarray(0, -1).lastIndexOf(0x0a) + 1;
    if (isKept(new TextDecoder().decode(tail.subarray(from)), intervals)) break;
    end -= tail.length - from;
  }
  if (end < size) await file.truncate(end);
}

/** Read the bytes before an offset, enough for any complete line. */
async function readBefore(file: Deno.FsFile, end: number): Promise<Uint8Array> {
  const tail = new Uint8Array(Math.min(end, TAIL_BYTES));
  await file.seek(end - tail.length, Deno.SeekMode.Start);
  for (let offset = 0; offset < tail.length;) offset += await file.read(tail.subarray(offset)) ?? tail.length;
  return tail;
}

function isKept(line: string, intervals: number): boolean {
  if (!line.endsWith("\n")) return false;
  try {
    return JSON.parse(line).interval < intervals;
  } catch {
    // An incomplete line to which another one was appended.
    return false;
  }
}
