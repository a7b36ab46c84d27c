import { acquireLock, KitError, openNoFollow, PRIVATE_FILE_MODE, rotateFiles } from "../../base/mod.ts";

/** When a file is rotated, and how many old files are kept. */
export interface AppendRules {
  /** A file of this many bytes or more is renamed to `NAME.1`, the old `NAME.1` to `NAME.2`, and so on. */
  readonly maxBytes: number;
  /** Number of old files to keep; with 0 a full file is removed. */
  readonly keep: number;
}

/**
 * Append one line, in one write, to a file that several processes append to. If the file ends in a partial line, of a
 * process that was killed or whose disk was full, a line break is written first, so that it corrupts no other line.
 *
 * @param path The file; its folder must exist
 * @param line The line without its line break
 * @param rules Size limit and number of old files
 */
export async function appendLine(path: string, line: string, rules: AppendRules): Promise<void> {
  await rotateIfFull(path, rules);
  using file = await openNoFollow(path, { append: true, create: true, read: true, mode: PRIVATE_FILE_MODE });
  const gap = await endsInLine(file) ? "" : "\n";
  const bytes = new TextEncoder().encode(`${gap}${line}\n`);
  // A full disk may accept only a part: writing the rest then throws, and the caller handles the error.
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}

/** Whether the file is empty or ends in a line break. Another process' unfinished line only costs an empty line. */
async function endsInLine(file: Deno.FsFile): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  await file.seek(size - 1, Deno.SeekMode.Start);
  const last = new Uint8Array(1);
  return await file.read(last) !== 1 || last[0] === 10;
}

/** One process rotates; the others keep appending to whichever file has the name, and lose nothing. */
async function rotateIfFull(path: string, rules: AppendRules): Promise<void> {
  if (!await isFull(path, rules.maxBytes)) return;
  try {
    using _lock = await acquireLock(`${path}.lock`, { command: "rotate metrics" });
    // Another process may have rotated while this one acquired the lock.
    if (!await isFull(path, rules.maxBytes)) return;
    rotateFiles(path, rules.keep);
  } catch (error) {
    // Another process holds the lock, and rotates.
    if (!(error instanceof KitError)) throw error;
  }
}

async function isFull(path: string, maxBytes: number): Promise<boolean> {
  try {
    return (await Deno.stat(path)).size >= maxBytes;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
