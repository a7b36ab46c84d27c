import { type FileId, isSameFile, listChain } from "../log_chain.ts";
import { LogTail, type LogTailOptions } from "./_log_tail.ts";
import type { LogPosition } from "./log_position.ts";

/** While a log rotates, a name may suddenly refer to another file, so the search is repeated. */
const MAX_ATTEMPTS = 3;

/**
 * Open the file of a rotated log that a saved position belongs to: try the same inode first, then any file with the
 * same fingerprint.
 *
 * @param others Files that are already open, which are skipped
 * @returns The tail, or `undefined` if no file matches
 */
export async function findPosition(
  position: LogPosition,
  others: readonly FileId[],
  options: LogTailOptions & { readonly path: string },
): Promise<LogTail | undefined> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const chain = await listChain(options.path);
    const candidates = chain.filter((entry) =>
      entry.size >= position.offset && (isSameFile(entry, position) || position.offset > 0) &&
      !others.some((other) => isSameFile(other, entry))
    );
    const first = candidates.filter((entry) => isSameFile(entry, position));
    for (const { path } of new Set([...first, ...candidates])) {
      const tail = await LogTail.open(path, position, options).catch(undefinedIfMissing);
      if (tail !== undefined) return tail;
    }
  }
  return undefined;
}

function undefinedIfMissing(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
