import { readAt } from "../read_at.ts";

/** Bytes that can be read at any offset: a file, a part of one, or memory. */
export interface ByteReader {
  /** Total number of bytes. */
  readonly sizeBytes: number;
  /** Read `length` bytes at `offset`, fewer only at the end. Calls must not overlap. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/**
 * Build a reader for an open file.
 *
 * @param file The file; it stays open
 * @param sizeBytes Size of the file; bytes beyond it are not read
 * @returns The reader
 */
export function fileReader(file: Deno.FsFile, sizeBytes: number): ByteReader {
  return {
    sizeBytes,
    read: (offset, length) => readAt(file, offset, Math.max(0, Math.min(length, sizeBytes - offset))),
  };
}

/**
 * Build a reader for bytes in memory.
 *
 * @param bytes The bytes; they are not copied
 * @returns The reader
 */
export function bytesReader(bytes: Uint8Array): ByteReader {
  return {
    sizeBytes: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

/**
 * Build a reader for a part of another reader.
 *
 * @param reader The other reader
 * @param offset Where the part begins
 * @param sizeBytes Length of the part; it is cut at the end of the other reader
 * @returns The reader; its offset 0 is the start of the part
 */
export function sliceReader(reader: ByteReader, offset: number, sizeBytes: number): ByteReader {
  const size = Math.max(0, Math.min(sizeBytes, reader.sizeBytes - offset));
  return {
    sizeBytes: size,
    read: (position, length) => reader.read(offset + position, Math.max(0, Math.min(length, size - position))),
  };
}
