/** Limits of the scan of one file. A file that exceeds one of them is flagged. */
export interface ScanLimits {
  /** Opcodes of all pickles together; a hundred million take about five seconds. */
  readonly opcodes: number;
  /** Bytes that all compressed entries together may inflate to. */
  readonly inflatedBytes: number;
  /** Largest archive in a compressed entry, in bytes; it is inflated into memory. */
  readonly nestedArchiveBytes: number;
  /** Entries of all archives together; a ZIP entry counts twice, once in the directory and once by itself. */
  readonly entries: number;
  /** Nesting depth of archives in archives, and of pickles in pickles. */
  readonly depth: number;
  /** Largest directory of a ZIP archive, in bytes; it is read into memory. */
  readonly directoryBytes: number;
}

/** The default limits of {@linkcode scanPickles}. */
export const SCAN_LIMITS: ScanLimits = {
  opcodes: 100_000_000,
  inflatedBytes: 2 * 1024 ** 3,
  nestedArchiveBytes: 128 * 1024 ** 2,
  entries: 400_000,
  depth: 6,
  directoryBytes: 64 * 1024 ** 2,
};
