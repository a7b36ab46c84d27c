/** What one file may cost. What goes beyond is not read on, and is told as a problem. */
export interface ScanLimits {
  /** Opcodes of all pickles together; a hundred million take some five seconds. */
  readonly opcodes: number;
  /** Bytes that come out of compressed entries, all together. */
  readonly inflatedBytes: number;
  /** An archive inside a compressed entry is read into memory, if it is not larger. */
  readonly nestedArchiveBytes: number;
  /** Entries of archives, all together; each counts twice, in the directory and by itself. */
  readonly entries: number;
  /** Archives in archives, and pickles in pickles. */
  readonly depth: number;
  /** Bytes of the directory of a ZIP archive, which is read into memory. */
  readonly directoryBytes: number;
}

/** The limits that hold if nobody says otherwise. */
export const SCAN_LIMITS: ScanLimits = {
  opcodes: 100_000_000,
  inflatedBytes: 2 * 1024 ** 3,
  nestedArchiveBytes: 128 * 1024 ** 2,
  entries: 400_000,
  depth: 6,
  directoryBytes: 64 * 1024 ** 2,
};
