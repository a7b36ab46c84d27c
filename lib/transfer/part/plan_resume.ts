import { BLOCK_BYTES } from "../../base/mod.ts";
import { type Extent, frontierOf } from "./extents.ts";
import type { PartJournal } from "./part_journal.ts";

/** Where to begin. */
export interface ResumePlan {
  /** Bytes of the part to keep; none means from the start. */
  readonly extents: readonly Extent[];
  /** The validator to send with `If-Range`; `null` when the part cannot be tied to an object. */
  readonly etag: string | null;
  /** Digests that the whole blocks of what is kept without a gap must have. */
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
 * @returns The plan
 */
export function planResume(facts: ResumeFacts): ResumePlan {
  const { partBytes, journal, identity, hasHash } = facts;
  const fresh: ResumePlan = { extents: [], etag: null, blocks: [] };
  if (journal === null || partBytes === 0 || partBytes > journal.totalBytes) return fresh;
  if (!isSameIdentity(journal.identity, identity)) return fresh;
  if (journal.etag === null && !hasHash) return fresh;
  const extents = keptExtents(journal, facts);
  // A part shorter than its journal lost data: what is left is judged by the digests of its whole blocks.
  const blocks = journal.blocks.slice(0, Math.floor(frontierOf(extents) / BLOCK_BYTES));
  return { extents, etag: journal.etag, blocks };
}

function keptExtents(journal: PartJournal, { partBytes, hasHash }: ResumeFacts): readonly Extent[] {
  if (journal.extents === undefined) return [[0, partBytes]];
  const there = journal.extents.map(([start, end]): Extent => [start, Math.min(end, partBytes)])
    .filter(([start, end]) => end > start);
  // Behind a gap no block digest tells what a power cut took away; only the hash at the end would.
  return hasHash ? there : there.filter(([start]) => start === 0);
}

function isSameIdentity(a: ResumeFacts["identity"], b: ResumeFacts["identity"]): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => a[key] === b[key]);
}
