import { createHash, type Hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { BLOCK_BYTES } from "../../base/mod.ts";

/** Digests of a complete file. */
export interface FileDigests {
  /** SHA-256, lower-case hex. */
  readonly sha256: string;
  /** CRC-32 of each 16 MiB block. */
  readonly blocks: Uint32Array;
}

/** Hashes a file while it is written, so that its digests are ready when its last byte is written. */
export interface HashFollower extends Disposable {
  /**
   * Write bytes in the thread that hashes them, which need not read them again; they must not change meanwhile.
   * Resolves with whether they are written. After a write that failed, the thread writes no more, so that the caller
   * can write the rest itself and in order, and gets the error from its own call. Absent if the file is hashed without
   * a thread, or is not to be written by it.
   */
  readonly write?: ((bytes: Uint8Array<SharedArrayBuffer>, position: number) => Promise<boolean>) | undefined;
  /** Report that `bytes` have been written and end at `position`. The buffer is not kept. */
  advance(bytes: Uint8Array, position: number): void;
  /** Wait until everything written so far has been hashed, so that `onBlock` has been called for all of its blocks. */
  settle(): Promise<void>;
  /** Wait until all `totalBytes` have been hashed, and return the digests. */
  finish(totalBytes: number): Promise<FileDigests>;
}

/** Options of {@linkcode HashPool.follow}: the existing bytes of the file, and callbacks. */
export interface FollowOptions {
  /**
   * The open file, if the follower is to write, too: the thread opens its path again, and writes only to this file.
   */
  readonly file?: Deno.FsFile | undefined;
  /** Bytes that the file already holds, from its start. */
  readonly offset: number;
  /** Expected CRC-32 of each whole 16 MiB block among them. */
  readonly blocks: readonly number[];
  /** Called with the CRC-32 of each whole block. */
  readonly onBlock?: (index: number, crc: number) => void;
  /** Called for each existing block whose CRC-32 is not the expected one. */
  readonly onBadBlock?: (index: number) => void;
}

/**
 * Hash a small file from its write buffers, beginning with its first byte: a worker would cost more than it saves.
 *
 * @returns The follower
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { followWritten } from "@civitai-dl/civitai-dl/transfer";
 *
 * const bytes = new TextEncoder().encode("hello");
 * using follower = followWritten();
 * follower.advance(bytes, bytes.length);
 * const { sha256 } = await follower.finish(bytes.length);
 * assertEquals(sha256, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
 * ```
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
  for (let offset = 0; offset < bytes.length;) {
    const piece = bytes.subarray(offset, offset + BLOCK_BYTES - state.blockFill);
    state.crc = crc32(piece, state.crc);
    state.blockFill += piece.length;
    offset += piece.length;
    if (state.blockFill < BLOCK_BYTES) continue;
    state.blocks.push(state.crc);
    state.crc = 0;
    state.blockFill = 0;
  }
}
