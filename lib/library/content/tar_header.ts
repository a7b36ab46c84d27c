/** The fields that a scan needs from the header of a TAR entry. */
export interface TarHeader {
  /** Path of the entry, including the prefix of a long name. */
  readonly name: string;
  /** Size of the entry's content, which follows in blocks of 512 bytes. */
  readonly sizeBytes: number;
  /** Type flag, one character. `0` for a file, including a file whose header contains NUL. */
  readonly type: string;
}

/** Size of a TAR block in bytes; headers and contents are padded to it. */
export const TAR_BLOCK = 512;

const CHECKSUM = { start: 148, end: 156 } as const;

/**
 * Read the header of a TAR entry, in any dialect of the format.
 *
 * @param block At least 512 bytes
 * @returns The header; `null` if the block is not a header, or is the block of zeros that ends an archive
 */
export function readTarHeader(block: Uint8Array): TarHeader | null {
  if (block.length < TAR_BLOCK || block[0] === 0) return null;
  const stated = readNumber(block.subarray(CHECKSUM.start, CHECKSUM.end));
  const sizeBytes = readNumber(block.subarray(124, 136));
  if (stated === null || stated !== checksum(block) || sizeBytes === null) return null;
  const isUstar = text(block, 257, 262) === "ustar";
  const prefix = isUstar && block[263] === 0x30 ? text(block, 345, 500) : "";
  const name = text(block, 0, 100);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    sizeBytes,
    type: block[156] === 0 ? "0" : String.fromCharCode(block[156]!),
  };
}

/** Add up all bytes of the header, with spaces in place of the checksum itself. */
function checksum(block: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < TAR_BLOCK; index++) {
    sum += index >= CHECKSUM.start && index < CHECKSUM.end ? 0x20 : block[index]!;
  }
  return sum;
}

/** Read octal digits, or a big-endian number after a byte of 0x80. */
function readNumber(field: Uint8Array): number | null {
  if (field[0] === 0x80) {
    const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
    return Number.isSafeInteger(value) ? value : null;
  }
  const digits = text(field, 0, field.length).trim();
  return /^[0-7]+$/.test(digits) ? parseInt(digits, 8) : null;
}

function text(bytes: Uint8Array, start: number, end: number): string {
  const field = bytes.subarray(start, end);
  const length = field.indexOf(0);
  return String.fromCharCode(...(length < 0 ? field : field.subarray(0, length)));
}
