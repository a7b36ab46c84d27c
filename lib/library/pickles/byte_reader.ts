import { readAt } from "../content/read_at.ts";

/** Bytes of which any part can be read: a file, a part of one, or memory. */
export interface ByteReader {
  /** How many there are. */
  readonly sizeBytes: number;
  /** Read `length` bytes at `offset`, fewer only at the end. One call at a time. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/**
 * Read an open file.
 *
 * @param file The file; it stays open
 * @param sizeBytes Its size
 * @returns The reader
 */
export function fileReader(file: Deno.FsFile, sizeBytes: number): ByteReader {
  return {
    sizeBytes,
    read: (offset, length) => readAt(file, offset, Math.max(0, Math.min(length, sizeBytes - offset))),
  };
}

/**
 * Read bytes in memory.
 *
 * @param bytes The bytes
 * @returns The reader
 */
export function bytesReader(bytes: Uint8Array): ByteReader {
  return {
    sizeBytes: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

/**
 * Read a part of what another reader has.
 *
 * @param reader The other reader
 * @param offset Where the part begins
 * @param sizeBytes How long it is; what lies behind the end of the other reader is not there
 * @returns The reader
 */
export function sliceReader(reader: ByteReader, offset: number, sizeBytes: number): ByteReader {
  const size = Math.max(0, Math.min(sizeBytes, reader.sizeBytes - offset));
  return {
    sizeBytes: size,
    read: (at, length) => reader.read(offset + at, Math.max(0, Math.min(length, size - at))),
  };
}
