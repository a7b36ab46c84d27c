/**
 * Sizes in bytes at which a transfer takes another way. They stand here together because
 * `tests/integration/size_thresholds_test.ts` fetches files just below, at and above each of them: a threshold that
 * stands elsewhere is one that no test crosses.
 */
export const SIZE_THRESHOLDS = {
  /** With smaller buffers, writes are synchronous: dispatching to another thread costs more than the copy. */
  writeInThreadFrom: 256 << 10,
  /** Below this size a restart costs less than maintaining a journal. */
  journalFrom: 256 << 10,
  /** Write buffer of a connection that joins others. It is smaller, so that work can be split into smaller pieces. */
  helperBuffer: 256 << 10,
  /** Write buffer of the first connection. */
  leadBuffer: 1 << 20,
  /** While the disk keeps up, a kill loses at most this much of what was written after a gap. */
  saveJournalEvery: 2 << 20,
  /** How far the journal may lag before connections wait for it; for large files, a share of the file. */
  journalLag: 4 << 20,
  /** If less than this remains, another connection is not worth it. */
  anotherConnectionFrom: 4 << 20,
  /** From this size on, hashing in a worker pays off. */
  hashInWorkerFrom: 8 << 20,
  /** From this size on, the worker that hashes also writes, so that it need not read what was written. */
  writeInHasherFrom: 64 << 20,
  /** So many bytes make a rate meaningful that was measured over less than a second. */
  shortWindow: 16 << 20,
  /** Range that each of several connections fetches at a time; smaller ones cost more in requests than they gain. */
  stripe: 16 << 20,
  /** Flush after this many written bytes: fewer would flush too often, more would leave too much for the final flush. */
  flushEvery: 64 << 20,
} as const;
