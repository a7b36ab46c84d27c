import { openNoFollow } from "../../base/mod.ts";

/** Longer than any line that was written whole. */
const TAIL_BYTES = 65_536;

/**
 * Cut the end off a journal: a line that is not whole, because the disk was full or the process was killed, and intervals
 * that will be worked again. Takes no space, and reads only the end.
 *
 * @param path The journal, which may not exist
 * @param intervals How many the report knows
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
    // A place below 0 would count from the end, and find the last byte itself.
    const from = tail.subarray(0, -1).lastIndexOf(0x0a) + 1;
    if (isKept(new TextDecoder().decode(tail.subarray(from)), intervals)) break;
    end -= tail.length - from;
  }
  if (end < size) await file.truncate(end);
}

/** The bytes before a place, as many as any line has. */
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
    // Half of a line, and something after it.
    return false;
  }
}
