import { BLOCK_BYTES } from "../../base/mod.ts";
import { type Extent, frontierOf } from "./extents.ts";
import type { PartJournal } from "./part_journal.ts";

/** Where a transfer begins. */
export interface ResumePlan {
  /** Ranges of the part to keep; empty to begin from the start. */
  readonly extents: readonly Extent[];
  /** The validator to send with `If-Range`; `null` if the journal contains none. */
  readonly etag: string | null;
  /** Expected CRC-32 of each whole 16 MiB block before the first gap of the kept ranges. */
  readonly blocks: readonly number[];
}

/** Options of {@linkcode planResume}: what is known before the request. */
export interface PlanResumeOptions {
  /** Length of the part file; 0 if there is none. */
  readonly partBytes: number;
  /** Its journal; `null` if there is none or it is malformed. */
  readonly journal: PartJournal | null;
  /** Identity of the requested file. */
  readonly identity: Readonly<Record<string, string | number>>;
  /** Whether the complete file will be checked against a published SHA-256. */
  readonly hasHash: boolean;
}

/**
 * Decide how much of a part can be kept. The journal must describe the same file, and a strong validator or the hash at
 * the end must be able to detect a change of the object; otherwise nothing is kept. Bytes behind a gap are kept only if
 * there is a published hash.
 *
 * @param options Part, journal and requested file
 * @returns The plan
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { type PartJournal, planResume } from "@civitai-dl/civitai-dl/transfer";
 *
 * const identity = { fileId: 7 };
 * const journal: PartJournal = { version: 1, identity, totalBytes: 100, etag: '"v1"', blocks: [] };
 * const options = { partBytes: 40, journal, identity, hasHash: true };
 * assertEquals(planResume(options), { extents: [[0, 40]], etag: '"v1"', blocks: [] });
 * assertEquals(planResume({ ...options, identity: { fileId: 8 } }).extents, []);
 * ```
 */
export function planResume(options: PlanResumeOptions): ResumePlan {
  const { partBytes, journal, identity, hasHash } = options;
  const fresh: ResumePlan = { extents: [], etag: null, blocks: [] };
  if (journal === null || partBytes === 0 || partBytes > journal.totalBytes) return fresh;
  if (!isSameIdentity(journal.identity, identity)) return fresh;
  if (journal.etag === null && !hasHash) return fresh;
  const extents = keptExtents(journal, options);
  // A part that is shorter than its journal says has lost data: the digests of the remaining whole blocks are checked.
  const blocks = journal.blocks.slice(0, Math.floor(frontierOf(extents) / BLOCK_BYTES));
  return { extents, etag: journal.etag, blocks };
}

function keptExtents(journal: PartJournal, { partBytes, hasHash }: PlanResumeOptions): readonly Extent[] {
  if (journal.extents === undefined) return [[0, partBytes]];
  const there = journal.extents.map(([start, end]): Extent => [start, Math.min(end, partBytes)])
    .filter(([start, end]) => end > start);
  // Behind a gap there are no block digests to reveal what a power cut destroyed; only the hash at the end would.
  return hasHash ? there : there.filter(([start]) => start === 0);
}

function isSameIdentity(a: PlanResumeOptions["identity"], b: PlanResumeOptions["identity"]): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => a[key] === b[key]);
}
