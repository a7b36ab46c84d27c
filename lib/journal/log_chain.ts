/** One file of a rotated log: `download.log` is the newest, `download.log.1` the one before it, and so on. */
export interface ChainEntry {
  /** Path of the file when it was listed. */
  readonly path: string;
  /** Number of the device that holds the file. */
  readonly dev: number;
  /** Inode of the file; 0 where the system has none. */
  readonly ino: number;
  /** Size in bytes. */
  readonly size: number;
  /** When the file was last modified, in milliseconds since the epoch. */
  readonly mtimeMs: number;
}

/** The chain ends after this many missing numbers in a row. A single one may be missing during a rotation. */
const MAX_HOLES = 3;

/**
 * List a log and its older files, newest first. A rotation may move files to higher numbers at the same time. In this
 * order, a file may then be found several times, but none that still exists is missed. Only the last place of each file
 * is returned, and these places are in order.
 *
 * @returns The files, newest first; none if the log is missing
 */
export async function listChain(path: string): Promise<readonly ChainEntry[]> {
  const entries: ChainEntry[] = [];
  let holes = 0;
  for (let index = 0; holes < MAX_HOLES; index++) {
    const name = index === 0 ? path : `${path}.${index}`;
    try {
      const { dev, ino, size, mtime, isFile } = await Deno.stat(name);
      entries.push({ path: name, dev, ino: ino ?? 0, size, mtimeMs: mtime?.getTime() ?? 0 });
      // Pipes and devices are not rotated.
      if (!isFile) break;
      holes = 0;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      holes++;
    }
  }
  return entries.filter((entry, index) => !entries.slice(index + 1).some((other) => isSameFile(entry, other)));
}

/** Whether two ids denote the same file; valid only while the file exists, since the system reuses inodes. */
export function isSameFile(one: FileId, other: FileId): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

/** The system's identity of a file: device and inode. */
export interface FileId {
  readonly dev: number;
  readonly ino: number;
}

/** Where the reading of a chain continues. */
export interface ChainMark extends FileId {
  /** Modification time of that file when it was last read, in milliseconds since the epoch. */
  readonly mtimeMs: number;
  /** What to read next: files newer than this one, this file again from its start, or files written since then. */
  readonly next: "newer" | "itself" | "since";
}

/**
 * Find the files of a chain that have not been opened yet.
 *
 * @param chain The files, newest first
 * @returns The files to open, oldest first
 */
export function findUnread(chain: readonly ChainEntry[], mark: ChainMark): readonly ChainEntry[] {
  const markIndex = mark.next === "since" ? -1 : chain.findIndex((entry) => isSameFile(entry, mark));
  if (markIndex === -1) return chain.filter((entry) => entry.mtimeMs >= mark.mtimeMs).toReversed();
  if (mark.next === "newer") return chain.slice(0, markIndex).toReversed();
  // A copy that `copytruncate` made of the file has a higher number, and was written later.
  return chain.filter((entry, index) => index <= markIndex || entry.mtimeMs > mark.mtimeMs).toReversed();
}
