/** Limits for the examination of one file; a file that exceeds them is flagged. */
export interface ScanLimits {
  /** Opcodes of all pickles together; a hundred million take some five seconds. */
  readonly opcodes: number;
  /** Bytes that come out of compressed entries, all together. */
  readonly inflatedBytes: number;
  /** Largest archive in a compressed entry, in bytes; it is read into memory. */
  readonly nestedArchiveBytes: number;
  /** Entries of archives, all together; each counts twice, in the directory and by itself. */
  readonly entries: number;
  /** Archives in archives, and pickles in pickles. */
  readonly depth: number;
  /** Bytes of the directory of a ZIP archive, which is read into memory. */
  readonly directoryBytes: number;
}

/** The default limits. */
export const SCAN_LIMITS: ScanLimits = {
  opcodes: 100_000_000,
  inflatedBytes: 2 * 1024 ** 3,
  nestedArchiveBytes: 128 * 1024 ** 2,
  entries: 400_000,
  depth: 6,
  directoryBytes: 64 * 1024 ** 2,
};
