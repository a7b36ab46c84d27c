/** Blocks of this size have their own digest, so that damage to a file is located and repaired by block. */
export const BLOCK_BYTES: number = 16 * 1024 * 1024;
