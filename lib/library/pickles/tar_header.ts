/** What the header of one entry of a TAR archive says. */
export interface TarHeader {
  /** With the prefix of a long name. */
  readonly name: string;
  /** Of the entry's content, which follows in blocks of 512 bytes. */
  readonly sizeBytes: number;
  /** One character: `0` and NUL are files. */
  readonly type: string;
}

/** A TAR archive is made of blocks of this size. */
export const TAR_BLOCK = 512;

const CHECKSUM = { start: 148, end: 156 } as const;

/**
 * Read the header of an entry of a TAR archive, of any of its dialects.
 *
 * @param block At least 512 bytes
 * @returns The header; `null` if it is none, or one of zeros, which ends an archive
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

/** The sum of all bytes, with blanks where it stands itself. */
function checksum(block: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < TAR_BLOCK; index++) {
    sum += index >= CHECKSUM.start && index < CHECKSUM.end ? 0x20 : block[index]!;
  }
  return sum;
}

/** Octal digits, or big-endian behind a byte of 0x80. */
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
