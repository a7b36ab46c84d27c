/**
 * Size of a block, 16 MiB. Each block has its own digest, so that damage to a file can be located and repaired block by
 * block.
 */
export const BLOCK_BYTES: number = 16 * 1024 * 1024;
