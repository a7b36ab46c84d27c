import { BLOCK_BYTES } from "../base/mod.ts";
import type { PartJournal } from "./part_journal.ts";

/** Where to begin. */
export interface ResumePlan {
  /** Bytes of the part to keep. */
  readonly offset: number;
  /** The validator to send with `If-Range`; `null` when the part cannot be tied to an object. */
  readonly etag: string | null;
  /** Digests that the kept bytes must have. */
  readonly blocks: readonly number[];
}

/** What is known before the request. */
export interface ResumeFacts {
  /** Length of the part file; 0 when there is none. */
  readonly partBytes: number;
  /** Its journal. */
  readonly journal: PartJournal | null;
  /** What we want. */
  readonly identity: Readonly<Record<string, string | number>>;
  /** Whether a published SHA-256 will judge the end. */
  readonly hasHash: boolean;
}

/**
 * Decide how much of a part can be kept: all of it when the journal speaks of the same file and something (a strong
 * validator, or the hash at the end) will notice a change of the object.
 *
 * @param facts Part, journal and wish
 * @returns The plan; offset 0 means from the start
 */
export function planResume(facts: ResumeFacts): ResumePlan {
  const { partBytes, journal, identity, hasHash } = facts;
  const fresh: ResumePlan = { offset: 0, etag: null, blocks: [] };
  if (journal === null || partBytes === 0 || partBytes > journal.totalBytes) return fresh;
  if (!isSameIdentity(journal.identity, identity)) return fresh;
  if (journal.etag === null && !hasHash) return fresh;
  // A part shorter than its journal lost data: what is left is judged by the digests of its whole blocks.
  const blocks = journal.blocks.slice(0, Math.floor(partBytes / BLOCK_BYTES));
  return { offset: partBytes, etag: journal.etag, blocks };
}

function isSameIdentity(a: ResumeFacts["identity"], b: ResumeFacts["identity"]): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => a[key] === b[key]);
}
