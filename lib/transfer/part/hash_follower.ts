import { createHash, type Hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { BLOCK_BYTES } from "../../base/mod.ts";

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

/** What is known of a file that is followed. */
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
 * Hash a small file that is written from its first byte on, out of the buffers that are written: a worker would cost more
 * than it saves.
 *
 * @returns The follower
 */
export function followWritten(): HashFollower {
  const state = { hash: createHash("sha256"), crc: 0, blocks: [] as number[], blockFill: 0 };
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
