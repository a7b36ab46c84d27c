import { existsSync, renameFileSync } from "../base/mod.ts";

/** How long one rename waits for a reader, in milliseconds: the log can also be rotated later. */
const PATIENCE_MS = 100;

/**
 * Make room for a new log: rename `NAME` to `NAME.1`, `NAME.1` to `NAME.2`, and so on. The oldest file is replaced if
 * all numbers are taken. The caller keeps other processes from rotating at the same time.
 *
 * If a rename fails, the newer files keep their numbers and one number is free. The next rotation moves only what is
 * newer than the free number, so that an attempt that is repeated replaces no old file.
 *
 * @param path The log; it and the old files may be missing
 * @param keep Number of old files to keep; with 0 the log is removed
 */
export function rotateFiles(
  path: string,
  keep: number,
  rename: (from: string, to: string) => void = renamePatiently,
): void {
  if (keep === 0) return ignoreMissing(() => Deno.removeSync(path));
  const nameOf = (number: number): string => number === 0 ? path : `${path}.${number}`;
  let last = 1;
  while (last < keep && existsSync(nameOf(last))) last++;
  for (let number = last; number >= 1; number--) {
    ignoreMissing(() => rename(nameOf(number - 1), nameOf(number)));
  }
}

function renamePatiently(from: string, to: string): void {
  renameFileSync(from, to, { patienceMs: PATIENCE_MS });
}

function ignoreMissing(change: () => void): void {
  try {
    change();
  } catch (error) {
    // There are fewer old files than the limit allows, or another program has moved one.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
