/** The saved read position in one file of a log. */
export interface LogPosition {
  /** Number of the device that holds the file. */
  readonly dev: number;
  /** Inode of the file; the system may reuse it after the file is removed. */
  readonly ino: number;
  /** Offset after the last line that was passed on. */
  readonly offset: number;
  /** Fingerprint of the bytes before the offset, hexadecimal; empty at offset 0. */
  readonly fingerprint: string;
  /** Modification time of the file when it was last read, in milliseconds since the epoch. */
  readonly mtimeMs: number;
}
