// Hashes groups of whole files, one file after another.
// Plain JavaScript, imported as text, so that it also runs inside one bundled file.
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

/** Number of bytes after which progress is reported. */
const REPORT_EVERY_BYTES = 2 << 20;

/**
 * Small enough that the bytes are still in the processor's cache when they are hashed. With 1 MiB, hashing takes 50%
 * longer.
 */
const buffer = new Uint8Array(256 << 10);

// The answers of a group come together: a message takes as long as hashing a small file.
self.onmessage = ({ data: { jobs, blockBytes } }) => {
  self.postMessage({ type: "done", answers: jobs.map((job) => answer(job, blockBytes)) });
};

function answer({ id, path }, blockBytes) {
  try {
    return { id, type: "finished", ...hash(path, blockBytes, (bytes) => reportProgress(id, bytes)) };
  } catch (error) {
    return { id, type: "error", name: error?.name ?? "Error", message: String(error?.message ?? error) };
  }
}

function reportProgress(id, bytes) {
  self.postMessage({ type: "bytes", id, bytes });
}

function hash(path, blockBytes, onBytes) {
  const file = Deno.openSync(path, { read: true });
  try {
    const sha256 = createHash("sha256");
    const blocks = [];
    let blockCrc = 0;
    let sizeBytes = 0;
    let unreported = 0;
    while (true) {
      const room = Math.min(buffer.length, blockBytes - sizeBytes % blockBytes);
      const count = file.readSync(room === buffer.length ? buffer : buffer.subarray(0, room));
      if (count === null) break;
      const bytes = buffer.subarray(0, count);
      sha256.update(bytes);
      blockCrc = crc32(bytes, blockCrc);
      sizeBytes += count;
      unreported += count;
      if (sizeBytes % blockBytes === 0) {
        blocks.push(blockCrc);
        blockCrc = 0;
      }
      if (unreported >= REPORT_EVERY_BYTES) {
        onBytes(unreported);
        unreported = 0;
      }
    }
    if (sizeBytes % blockBytes !== 0) blocks.push(blockCrc);
    return { sha256: sha256.digest("hex"), blocks, sizeBytes, unreported };
  } finally {
    file.close();
  }
}
