import { createHash } from "node:crypto";

/** Size and hash of a file. */
interface MeasuredFile {
  /** Its size. */
  readonly sizeBytes: number;
  /** Its SHA-256, in lower case. */
  readonly sha256: string;
}

/** Read a file of any size to its end; `null` if there is none. */
export async function measureFile(path: string): Promise<MeasuredFile | null> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  try {
    using file = await Deno.open(path);
    const buffer = new Uint8Array(1 << 20);
    for (let count = await file.read(buffer); count !== null; count = await file.read(buffer)) {
      hash.update(buffer.subarray(0, count));
      sizeBytes += count;
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  return { sizeBytes, sha256: hash.digest("hex") };
}
