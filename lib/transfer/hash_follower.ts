import { createHash, type Hash } from "node:crypto";
import { crc32 } from "node:zlib";
import workerSource from "./hash_worker.js" with { type: "text" };
import { BLOCK_BYTES } from "../base/mod.ts";

/** The digests of a whole file. */
export interface FileDigests {
  /** Lower-case hex. */
  readonly sha256: string;
  /** CRC-32 of each 16 MiB block. */
  readonly blocks: Uint32Array;
}

/** Hashes a file while it is written, so that it is verified when its last byte lands. */
export interface HashFollower extends Disposable {
  /** Say that `bytes` have been written and end at `position`. The buffer is not kept. */
  advance(bytes: Uint8Array, position: number): void;
  /** Wait until all that was written so far has been hashed, so that its blocks are known to the journal. */
  settle(): Promise<void>;
  /** The digests, once all `totalBytes` have been seen. */
  finish(totalBytes: number): Promise<FileDigests>;
}

/** Options of {@linkcode followFile}. */
export interface FollowOptions {
  /** Bytes that are in the file already. */
  readonly offset: number;
  /** Digests that the whole blocks among them must have. */
  readonly blocks: readonly number[];
  /** Called for each whole block. */
  readonly onBlock?: (index: number, crc: number) => void;
  /** Called when a block that was there before is not what it was. */
  readonly onBadBlock?: (index: number) => void;
}

/**
 * Follow a file in a worker of its own: the read loop never waits for the hash, and memory holds no second copy.
 *
 * @param path The file; its first `offset` bytes exist
 * @param options What is known of it
 * @returns The follower
 */
export function followFile(path: string, options: FollowOptions): HashFollower {
  const { offset, blocks, onBlock = () => {}, onBadBlock = () => {} } = options;
  const worker = new Worker(`data:text/javascript;base64,${btoa(workerSource)}`, { type: "module" });
  const settled: (() => void)[] = [];
  const finished = Promise.withResolvers<FileDigests>();
  // A failure before anybody waits is told to whoever calls finish().
  finished.promise.catch(() => {});
  const fail = (message: string) => finished.reject(new Error(`Cannot hash "${path}": ${message}`));
  worker.onmessage = ({ data }) => {
    if (data.type === "settled") settled.shift()?.();
    else if (data.type === "block") onBlock(data.index, data.crc);
    else if (data.type === "bad") onBadBlock(data.index);
    else if (data.type === "error") fail(data.message);
    else finished.resolve({ sha256: data.sha256, blocks: Uint32Array.from(data.blocks) });
  };
  worker.onerror = (event) => {
    event.preventDefault();
    fail(event.message);
  };
  worker.postMessage({ type: "open", path, bytes: offset, blockBytes: BLOCK_BYTES, known: blocks });
  return {
    advance: (_bytes, position) => worker.postMessage({ type: "frontier", bytes: position }),
    settle() {
      worker.postMessage({ type: "settle" });
      return Promise.race([new Promise<void>((resolve) => settled.push(resolve)), finished.promise.then(() => {})]);
    },
    finish(totalBytes) {
      worker.postMessage({ type: "finish", bytes: totalBytes });
      return finished.promise;
    },
    [Symbol.dispose]: () => worker.terminate(),
  };
}

/**
 * Hash a small file in place: a worker would cost more than it saves.
 *
 * @param path The file; its first `offset` bytes exist and are read here
 * @param options What is known of it
 * @returns The follower
 */
export function followSmallFile(path: string, options: FollowOptions): HashFollower {
  const state = { hash: createHash("sha256"), crc: 0, blocks: [] as number[], blockFill: 0 };
  const { offset } = options;
  if (offset > 0) digest(state, Deno.readFileSync(path).subarray(0, offset));
  return {
    advance: (bytes) => digest(state, bytes),
    settle: () => Promise.resolve(),
    finish() {
      if (state.blockFill > 0) state.blocks.push(state.crc);
      return Promise.resolve({ sha256: state.hash.digest("hex"), blocks: Uint32Array.from(state.blocks) });
    },
    [Symbol.dispose]: () => {},
  };
}

interface DigestState {
  readonly hash: Hash;
  readonly blocks: number[];
  crc: number;
  blockFill: number;
}

function digest(state: DigestState, bytes: Uint8Array): void {
  state.hash.update(bytes);
  for (let at = 0; at < bytes.length;) {
    const piece = bytes.subarray(at, at + BLOCK_BYTES - state.blockFill);
    state.crc = crc32(piece, state.crc);
    state.blockFill += piece.length;
    at += piece.length;
    if (state.blockFill < BLOCK_BYTES) continue;
    state.blocks.push(state.crc);
    state.crc = 0;
    state.blockFill = 0;
  }
}
