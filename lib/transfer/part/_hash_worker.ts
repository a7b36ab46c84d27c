// Written by `deno task docs` from lib/transfer/part/hash_worker.js; do not edit.
// deno-fmt-ignore-file

/** Source of the worker that hashes files under way. */
export const HASH_WORKER: string = `// Hashes files while they are being written: messages report how far each file is valid, and it reads no further.
// Plain JavaScript, imported as text, so that it also runs inside one bundled file.
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

/** A file may be gigabytes behind; the other files get their turn after this many bytes. */
const TURN_BYTES = 8 << 20;

const buffer = new Uint8Array(1 << 20);
const jobs = new Map();
let isWorking = false;

self.onmessage = ({ data }) => {
  const { id, type } = data;
  try {
    if (type === "open") jobs.set(id, open(data));
    const job = jobs.get(id);
    if (job === undefined) return;
    if (type === "close") return close(job);
    if (type === "settle") job.settling.push(job.end);
    else job.end = data.bytes;
    if (type === "finish") job.isFinishing = true;
    if (!isWorking) work();
  } catch (error) {
    fail(id, error);
  }
};

function open({ id, path, bytes, blockBytes, known }) {
  return {
    id,
    blockBytes,
    known,
    end: bytes,
    file: Deno.openSync(path, { read: true }),
    hash: createHash("sha256"),
    position: 0,
    blockCrc: 0,
    blocks: [],
    settling: [],
    isFinishing: false,
  };
}

/** Give each file that is behind one turn; messages are handled between the turns. */
function work() {
  isWorking = false;
  for (const job of [...jobs.values()]) {
    try {
      hash(job, Math.min(job.end, job.position + TURN_BYTES));
      postResults(job);
    } catch (error) {
      fail(job.id, error);
    }
  }
  for (const job of jobs.values()) if (job.position < job.end) isWorking = true;
  if (isWorking) setTimeout(work, 0);
}

function hash(job, end) {
  while (job.position < end) {
    const room = Math.min(buffer.length, end - job.position, job.blockBytes - (job.position % job.blockBytes));
    const count = job.file.readSync(buffer.subarray(0, room));
    if (count === null) throw new Error("the file is shorter than the bytes written");
    const bytes = buffer.subarray(0, count);
    job.hash.update(bytes);
    job.blockCrc = crc32(bytes, job.blockCrc);
    job.position += count;
    if (job.position % job.blockBytes === 0) closeBlock(job);
  }
}

/** Post the messages that the pool waits for. */
function postResults(job) {
  const { id } = job;
  while (job.settling.length > 0 && job.settling[0] <= job.position) {
    job.settling.shift();
    self.postMessage({ id, type: "settled" });
  }
  if (!job.isFinishing || job.position < job.end) return;
  if (job.position % job.blockBytes !== 0) job.blocks.push(job.blockCrc);
  self.postMessage({ id, type: "finished", sha256: job.hash.digest("hex"), blocks: job.blocks });
  close(job);
}

function closeBlock(job) {
  const { id, blocks, known, blockCrc } = job;
  const index = blocks.length;
  const type = known[index] !== undefined && known[index] !== blockCrc ? "bad" : "block";
  self.postMessage({ id, type, index, crc: blockCrc });
  blocks.push(blockCrc);
  job.blockCrc = 0;
}

function close(job) {
  job.file.close();
  jobs.delete(job.id);
}

function fail(id, error) {
  const job = jobs.get(id);
  if (job !== undefined) close(job);
  self.postMessage({ id, type: "error", message: String(error?.message ?? error) });
}
`;
