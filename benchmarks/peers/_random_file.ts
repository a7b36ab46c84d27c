import { createHash } from "node:crypto";
import { join } from "node:path";
import type { PeerBench } from "./target.ts";

/** A file on a server. */
export interface ServedFile {
  /** Name of the file in the served folder. */
  readonly name: string;
  readonly bytes: number;
  /** SHA-256, lower-case hexadecimal. */
  readonly sha256: string;
}

/** Make a file of random bytes in the served folder. All targets share it. */
export function randomFile(bench: PeerBench, bytes: number): Promise<ServedFile> {
  const name = `random-${bytes}.bin`;
  return bench.once(name, async () => {
    bench.onProgress(`Writing ${bytes} random bytes`);
    using file = await Deno.open(join(await servedFolder(bench), name), { write: true, create: true, truncate: true });
    const hash = createHash("sha256");
    const block = new Uint8Array(1 << 20);
    for (let left = bytes; left > 0; left -= block.length) {
      bench.signal.throwIfAborted();
      for (let offset = 0; offset < block.length; offset += 65536) {
        crypto.getRandomValues(block.subarray(offset, offset + 65536));
      }
      const piece = block.subarray(0, left);
      hash.update(piece);
      for (let offset = 0; offset < piece.length;) offset += await file.write(piece.subarray(offset));
    }
    return { name, bytes, sha256: hash.digest("hex") };
  });
}

/** Create the folder that servers without a library serve. All targets share it. */
export function servedFolder(bench: PeerBench): Promise<string> {
  return bench.once("www", async () => {
    const folder = join(bench.folder, "www");
    await Deno.mkdir(folder);
    return folder;
  });
}
