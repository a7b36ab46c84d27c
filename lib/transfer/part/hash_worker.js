// Hashes files while they are being written: messages report how far each file is valid, and it reads no further. Some
// files it writes itself, from shared memory, which it then hashes.
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
    if (type === "write") {
      answerWrite(job, data);
      if (job === undefined || job.position === job.end) return;
    }
    if (job === undefined) return;
    if (type === "close") return close(job);
    if (type === "settle") job.settling.push(job.end);
    if (type === "frontier" || type === "finish") job.end = Math.max(job.end, data.bytes);
    if (type === "finish") job.isFinishing = true;
    if (!isWorking) work();
  } catch (error) {
    fail(id, error);
  }
};

function open({ id, path, bytes, blockBytes, known, output }) {
  return {
    id,
    blockBytes,
    known,
    end: bytes,
    file: Deno.openSync(path, { read: true }),
    filePosition: 0,
    output: output === undefined ? null : openOutput(path, output),
    outputPosition: 0,
    hash: createHash("sha256"),
    position: 0,
    blockCrc: 0,
    blocks: [],
    settling: [],
    isFinishing: false,
  };
}

/** Open a file to write; `null` if that is not possible, or another file is at its path by now. */
function openOutput(path, { dev, ino }) {
  try {
    const file = Deno.openSync(path, { write: true });
    const info = file.statSync();
    if (ino === null || (info.ino === ino && info.dev === dev)) return file;
    file.close();
  } catch {
    // The caller writes the bytes itself, and reports why if it cannot either.
  }
  return null;
}

/** Write bytes, and hash them if all before them are hashed; the caller may use their memory again after the answer. */
function answerWrite(job, { id, write, bytes, position }) {
  const type = job !== undefined && tryWrite(job, bytes, position) ? "written" : "refused";
  self.postMessage({ id, type, write, hashedBytes: job?.position ?? 0 });
}

function tryWrite(job, bytes, position) {
  if (job.output === null) return false;
  try {
    if (job.outputPosition !== position) job.output.seekSync(position, Deno.SeekMode.Start);
    for (let done = 0; done < bytes.length;) done += job.output.writeSync(bytes.subarray(done));
  } catch {
    // Bytes after a gap would look like bytes that are held.
    job.output.close();
    job.output = null;
    return false;
  }
  job.outputPosition = position + bytes.length;
  if (position !== job.end) return true;
  job.end = job.outputPosition;
  if (job.position === position) digest(job, bytes);
  return true;
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
    if (job.filePosition !== job.position) job.file.seekSync(job.position, Deno.SeekMode.Start);
    const count = job.file.readSync(buffer.subarray(0, Math.min(buffer.length, end - job.position)));
    if (count === null) throw new Error("the file is shorter than the bytes written");
    digest(job, buffer.subarray(0, count));
    job.filePosition = job.position;
  }
}

function digest(job, bytes) {
  job.hash.update(bytes);
  for (let offset = 0; offset < bytes.length;) {
    const piece = bytes.subarray(offset, offset + job.blockBytes - (job.position % job.blockBytes));
    job.blockCrc = crc32(piece, job.blockCrc);
    job.position += piece.length;
    offset += piece.length;
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
  job.output?.close();
  jobs.delete(job.id);
}

function fail(id, error) {
  const job = jobs.get(id);
  if (job !== undefined) close(job);
  self.postMessage({ id, type: "error", message: String(error?.message ?? error) });
}
