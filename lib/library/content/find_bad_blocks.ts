import { BlockCrc } from "./_block_crc.ts";
import { readChunks } from "./_read_chunks.ts";
import { BLOCK_BYTES } from "../../base/mod.ts";

/** Options of {@linkcode findBadBlocks}. */
export interface FindBadBlocksOptions {
  /** Aborts the reading. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Size of a block, in bytes.
   *
   * @default {16777216}
   */
  readonly blockBytes?: number | undefined;
}

/**
 * Find the blocks of a file whose digests have changed. Blocks that are missing from a shorter file count as bad. Bytes
 * beyond `sizeBytes` are not read.
 *
 * @param path The file
 * @param blocks Recorded CRC-32 of each block
 * @param sizeBytes Recorded size of the file
 * @param options Signal, size of a block
 * @returns Indices of bad blocks, ascending
 * @throws {RangeError} If the number of digests does not match the size
 */
export async function findBadBlocks(
  path: string,
  blocks: Uint32Array,
  sizeBytes: number,
  options: FindBadBlocksOptions = {},
): Promise<readonly number[]> {
  const { signal, blockBytes = BLOCK_BYTES } = options;
  if (blocks.length !== Math.ceil(sizeBytes / blockBytes)) {
    throw new RangeError(`Cannot compare blocks: ${blocks.length} digests do not cover ${sizeBytes} bytes`);
  }
  const crc = new BlockCrc(blockBytes);
  for await (const chunk of readChunks(path, { signal, limitBytes: sizeBytes })) crc.update(chunk);
  const actual = crc.digest();
  return [...blocks.keys()].filter((index) => actual[index] !== blocks[index]);
}
