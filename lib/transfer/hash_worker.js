// Hashes a file while it is being written: told how far the file is true, it reads up to there and no further.
// Plain JavaScript, imported as text, so that it also runs inside one bundled file.
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

const buffer = new Uint8Array(1 << 20);
let file;
let hash;
let blockBytes;
let known;
let position = 0;
let blockCrc = 0;
let blocks = [];
let end = 0;
let finishing = false;
let working = false;

self.onmessage = ({ data }) => {
  try {
    // What was told before has been hashed by now: messages come one after another.
    if (data.type === "settle") return self.postMessage({ type: "settled" });
    if (data.type === "open") open(data);
    else end = data.bytes;
    if (data.type === "finish") finishing = true;
    if (!working) follow();
  } catch (error) {
    self.postMessage({ type: "error", message: String(error?.message ?? error) });
  }
};

function open(data) {
  file?.close();
  file = Deno.openSync(data.path, { read: true });
  hash = createHash("sha256");
  ({ blockBytes, known } = data);
  [position, blockCrc, blocks, end, finishing] = [0, 0, [], data.bytes, false];
}

function follow() {
  working = true;
  while (position < end) {
    const room = Math.min(buffer.length, end - position, blockBytes - (position % blockBytes));
    const count = file.readSync(buffer.subarray(0, room));
    if (count === null) throw new Error("the file is shorter than what was written");
    const bytes = buffer.subarray(0, count);
    hash.update(bytes);
    blockCrc = crc32(bytes, blockCrc);
    position += count;
    if (position % blockBytes === 0) closeBlock();
  }
  working = false;
  if (!finishing) return;
  if (position % blockBytes !== 0) blocks.push(blockCrc);
  self.postMessage({ type: "finished", sha256: hash.digest("hex"), blocks });
  file.close();
  file = undefined;
  finishing = false;
}

function closeBlock() {
  const index = blocks.length;
  if (known[index] !== undefined && known[index] !== blockCrc) self.postMessage({ type: "bad", index });
  else self.postMessage({ type: "block", index, crc: blockCrc });
  blocks.push(blockCrc);
  blockCrc = 0;
}
