import { temporaryPathOf, writeAtomic } from "../../base/mod.ts";
import type { Extent } from "./extents.ts";

/** What a part file is a part of; stands beside it as `NAME.part.json`. Holds no URL. */
export interface PartJournal {
  /** Version of this format. */
  readonly version: 1;
  /** The caller's identity of the file. */
  readonly identity: Readonly<Record<string, string | number>>;
  /** Size of the whole file. */
  readonly totalBytes: number;
  /** A strong validator of the object, or `null`. */
  readonly etag: string | null;
  /** CRC-32 of each whole 16 MiB block known to be in the part. */
  readonly blocks: readonly number[];
  /**
   * What is in the part while it has gaps, because several connections write to it. Absent while it has none: then all
   * of the part's length counts, which is known without any journal being written.
   */
  readonly extents?: readonly Extent[] | undefined;
}

/** The part file of a final name. */
export function partPathOf(path: string): string {
  return `${path}.part`;
}

/** The journal of a final name. */
export function journalPathOf(path: string): string {
  return `${path}.part.json`;
}

/**
 * Read a journal.
 *
 * @param path The final name of the file
 * @returns The journal; `null` when there is none or it cannot be believed
 */
export async function readJournal(path: string): Promise<PartJournal | null> {
  try {
    return parseJournal(JSON.parse(await Deno.readTextFile(journalPathOf(path))));
  } catch (error) {
    // A cut or swapped journal costs a new start of this one file, nothing else.
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * Write a journal. Not flushed: after a power cut the block digests tell what is real.
 *
 * @param path The final name of the file
 * @param journal What to write
 */
export async function writeJournal(path: string, journal: PartJournal): Promise<void> {
  await writeAtomic(journalPathOf(path), JSON.stringify(journal), { sync: false });
}

/**
 * Remove part and journal.
 *
 * @param path The final name of the file
 */
export async function removePart(path: string): Promise<void> {
  for (const name of [partPathOf(path), journalPathOf(path), temporaryPathOf(journalPathOf(path))]) {
    try {
      await Deno.remove(name);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

function parseJournal(value: unknown): PartJournal | null {
  if (typeof value !== "object" || value === null) return null;
  const { version, identity, totalBytes, etag, blocks, extents } = value as Record<string, unknown>;
  const isSound = version === 1 && typeof identity === "object" && identity !== null &&
    Number.isSafeInteger(totalBytes) && Number(totalBytes) >= 0 && (etag === null || typeof etag === "string") &&
    Array.isArray(blocks) && blocks.every((crc) => Number.isSafeInteger(crc)) &&
    (extents === undefined || isExtentList(extents, Number(totalBytes)));
  return isSound ? value as PartJournal : null;
}

/** Sorted, apart from each other, within the file. */
function isExtentList(value: unknown, totalBytes: number): value is readonly Extent[] {
  if (!Array.isArray(value)) return false;
  let last = -1;
  return value.every((extent) => {
    if (!Array.isArray(extent) || extent.length !== 2) return false;
    const [start, end] = extent;
    const isSound = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start > last && end > start;
    last = end;
    return isSound && end <= totalBytes;
  });
}
