/** One file of a rotated log: `download.log` is the first, `download.log.1` the one before it, and so on. */
export interface ChainEntry {
  readonly path: string;
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
}

/** So many numbers in a row without a file end the chain: while it rotates, one is missing. */
const MAX_HOLES = 3;

/**
 * List a log and its older files, newest first. In this order, because files move up while we look: one may be seen
 * several times, but none that stays is missed; and the last places where files were seen are in their order.
 */
export async function listChain(path: string): Promise<readonly ChainEntry[]> {
  const entries: ChainEntry[] = [];
  let holes = 0;
  for (let index = 0; holes < MAX_HOLES; index++) {
    const name = index === 0 ? path : `${path}.${index}`;
    try {
      const { dev, ino, size, mtime } = await Deno.stat(name);
      entries.push({ path: name, dev, ino: ino ?? 0, size, mtimeMs: mtime?.getTime() ?? 0 });
      holes = 0;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      holes++;
    }
  }
  return entries.filter((entry, index) => !entries.slice(index + 1).some((other) => isSameFile(entry, other)));
}

/** Whether two are one file, as long as it exists. */
export function isSameFile(one: FileId, other: FileId): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

/** How the system names a file. */
export interface FileId {
  readonly dev: number;
  readonly ino: number;
}

/** Up to where a chain was read, or was about to be. */
export interface ChainMark extends FileId {
  /** When that file was last written to, as far as it was read. */
  readonly mtimeMs: number;
  /** Whether what follows is what is newer than it, the file itself anew, or what was written since. */
  readonly next: "newer" | "itself" | "since";
}

/**
 * Which files of a chain are still to be opened.
 *
 * @param chain Newest first
 * @param mark Up to where it was read
 * @returns Oldest first
 */
export function findUnread(chain: readonly ChainEntry[], mark: ChainMark): readonly ChainEntry[] {
  const at = mark.next === "since" ? -1 : chain.findIndex((entry) => isSameFile(entry, mark));
  if (at === -1) return chain.filter((entry) => entry.mtimeMs >= mark.mtimeMs).toReversed();
  if (mark.next === "newer") return chain.slice(0, at).toReversed();
  // What was written since then stands behind it if it was copied from it.
  return chain.filter((entry, index) => index <= at || entry.mtimeMs > mark.mtimeMs).toReversed();
}
