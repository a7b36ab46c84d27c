/** The saved read position in one file of a log. */
export interface LogPosition {
  /** Number of the device that holds the file. */
  readonly dev: number;
  /** Inode of the file; the system may reuse it once the file is removed. */
  readonly ino: number;
  /** Offset after the last line that was passed on. */
  readonly offset: number;
  /** Fingerprint of the bytes before the offset, hexadecimal; empty at offset 0. */
  readonly fingerprint: string;
  /** When the file was last modified, as of the last read; milliseconds since the epoch. */
  readonly mtimeMs: number;
}
