import { acquireLock, KitError, openNoFollow, PRIVATE_FILE_MODE } from "../../base/mod.ts";

/** When and how far an appended file is rotated. */
export interface AppendRules {
  /** A file that has so many bytes becomes `NAME.1`, and so on. */
  readonly maxBytes: number;
  /** Old files to keep. */
  readonly keep: number;
}

/**
 * Append one line to a file that several processes append to, in one write. If the file ends in half a line, of a process
 * that was killed or whose disk was full, that one is ended first, so that it spoils no other.
 *
 * @param path The file; its folder must exist
 * @param line Without its break
 * @param rules Rotation
 */
export async function appendLine(path: string, line: string, rules: AppendRules): Promise<void> {
  await rotateIfFull(path, rules);
  using file = await openNoFollow(path, { append: true, create: true, read: true, mode: PRIVATE_FILE_MODE });
  const gap = await endsInLine(file) ? "" : "\n";
  const bytes = new TextEncoder().encode(`${gap}${line}\n`);
  // A full disk may take a part: the rest is tried, and its failure is the caller's to know.
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}

/** Whether nothing, or a whole line, stands at the end. Another's line in the making only costs an empty line. */
async function endsInLine(file: Deno.FsFile): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  await file.seek(size - 1, Deno.SeekMode.Start);
  const last = new Uint8Array(1);
  return await file.read(last) !== 1 || last[0] === 10;
}

/** One process rotates; the others go on appending to whatever has the name, and lose nothing by it. */
async function rotateIfFull(path: string, rules: AppendRules): Promise<void> {
  if (!await isFull(path, rules.maxBytes)) return;
  try {
    using _lock = await acquireLock(`${path}.lock`, { command: "rotate metrics" });
    // Another may have done it while we asked for the lock.
    if (!await isFull(path, rules.maxBytes)) return;
    for (let number = rules.keep; number >= 1; number--) {
      await renameIfThere(number === 1 ? path : `${path}.${number - 1}`, `${path}.${number}`);
    }
  } catch (error) {
    // Held by another, who rotates.
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

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await Deno.rename(from, to);
  } catch (error) {
    // Fewer old files than may be kept.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
