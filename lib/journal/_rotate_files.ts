/**
 * Make room for a new log: rename `NAME` to `NAME.1`, `NAME.1` to `NAME.2`, and so on. The oldest file is replaced. The
 * caller keeps other processes from rotating at the same time.
 *
 * @param path The log; it and the old files may be missing
 * @param keep Number of old files to keep; with 0 the log is removed
 */
export function rotateFiles(path: string, keep: number): void {
  if (keep === 0) return ignoreMissing(() => Deno.removeSync(path));
  for (let number = keep; number >= 1; number--) {
    ignoreMissing(() => Deno.renameSync(number === 1 ? path : `${path}.${number - 1}`, `${path}.${number}`));
  }
}

function ignoreMissing(change: () => void): void {
  try {
    change();
  } catch (error) {
    // There are fewer old files than the limit allows.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
