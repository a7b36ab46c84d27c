/** How a file's size compares with its header. */
export type SizeVerdict = "plausible" | "suspicious" | "impossible";

/**
 * Compare the size of a SQLite file with its header: `suspicious` if the file is shorter than the header says or not a
 * whole number of pages, `impossible` if it is too short for a header.
 */
export function judgeSize(path: string): SizeVerdict {
  const header = new Uint8Array(100);
  let sizeBytes: number;
  try {
    using file = Deno.openSync(path, { read: true });
    sizeBytes = file.statSync().size;
    if (sizeBytes === 0) return "plausible";
    // SQLite would treat a file this short as empty and overwrite it.
    if ((file.readSync(header) ?? 0) < header.length) return "impossible";
  } catch (error) {
    // A catalog that does not exist yet is not damaged, and SQLite itself reports a file that cannot be read.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) return "plausible";
    if (error instanceof Deno.errors.IsADirectory || /is a directory/i.test(String(error))) return "plausible";
    throw error;
  }
  const view = new DataView(header.buffer);
  const pageBytes = view.getUint16(16) === 1 ? 65_536 : view.getUint16(16);
  const whole = pageBytes > 0 && sizeBytes % pageBytes === 0 && sizeBytes >= view.getUint32(28) * pageBytes;
  // Only suspicious, because after a crash the log can contain the missing pages.
  return whole ? "plausible" : "suspicious";
}
