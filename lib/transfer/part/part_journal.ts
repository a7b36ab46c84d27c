import { readTextNoFollow, temporaryPathOf, writeAtomic } from "../../base/mod.ts";
import type { Extent } from "./extents.ts";

/** Which engine fetched the bytes of a part from a position on, and why; recorded for a caller that decides about it. */
export interface PartDecision {
  /** What made the decision, such as the attempt of a rollout. */
  readonly by: string;
  /** Group of the file, such as the arm of a rollout. */
  readonly group: string;
  /** Name of the profile that was chosen. */
  readonly profile: string;
  /** Bytes that the part already had. */
  readonly fromBytes: number;
}

/** Number of decisions that a journal keeps, latest ones only. */
const MAX_DECISIONS = 8;

/** Describes the file that a part belongs to; stored next to it as `NAME.part.json`. Contains no URL. */
export interface PartJournal {
  /** Version of this format. */
  readonly version: 1;
  /** The identity that the caller assigned to the file; only a part with the same identity is resumed. */
  readonly identity: Readonly<Record<string, string | number>>;
  /** Size of the whole file; 0 if the server did not announce it. */
  readonly totalBytes: number;
  /** A strong validator of the object; `null` if the server sent none. */
  readonly etag: string | null;
  /** CRC-32 of each whole 16 MiB block known to be in the part, from the start without a gap. */
  readonly blocks: readonly number[];
  /**
   * Ranges held by the part while it has gaps because several connections write to it. Absent while it has no gaps. In
   * that case the whole length of the part counts, which is known without writing a journal.
   */
  readonly extents?: readonly Extent[] | undefined;
  /** Decisions about the engine, oldest first; absent if nobody decides. Two of them show a hand-over. */
  readonly decisions?: readonly PartDecision[] | undefined;
}

/**
 * Path of the part for a final name: `NAME.part`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { partPathOf } from "@civitai-dl/civitai-dl/transfer";
 *
 * assertEquals(partPathOf("models/a.safetensors"), "models/a.safetensors.part");
 * ```
 */
export function partPathOf(path: string): string {
  return `${path}.part`;
}

/**
 * Path of the journal for a final name: `NAME.part.json`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { journalPathOf } from "@civitai-dl/civitai-dl/transfer";
 *
 * assertEquals(journalPathOf("models/a.safetensors"), "models/a.safetensors.part.json");
 * ```
 */
export function journalPathOf(path: string): string {
  return `${path}.part.json`;
}

/**
 * Read a journal.
 *
 * @param path The final name of the file
 * @returns The journal; `null` if there is none or it is malformed
 * @throws {KitError} `unsafe` if a link, a device or a pipe is in its place
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readJournal, writeJournal } from "@civitai-dl/civitai-dl/transfer";
 *
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/a.safetensors`;
 * await writeJournal(path, { version: 1, identity: { fileId: 7 }, totalBytes: 100, etag: '"v1"', blocks: [] });
 * const journal = await readJournal(path);
 * assertEquals([journal?.identity, journal?.totalBytes], [{ fileId: 7 }, 100]);
 * assertEquals(await readJournal(`${folder}/b.safetensors`), null);
 * ```
 */
export async function readJournal(path: string): Promise<PartJournal | null> {
  try {
    return parseJournal(JSON.parse(await readTextNoFollow(journalPathOf(path))));
  } catch (error) {
    // A truncated or foreign journal affects only this file, which starts again.
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * Write a journal. It is not flushed to disk, because after a power cut the block digests show which bytes are valid.
 *
 * @param path The final name of the file
 * @param journal What to write
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { type PartJournal, readJournal, writeJournal } from "@civitai-dl/civitai-dl/transfer";
 *
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/a.safetensors`;
 * const journal: PartJournal = { version: 1, identity: { fileId: 7 }, totalBytes: 100, etag: '"v1"', blocks: [] };
 * await writeJournal(path, journal);
 * assertEquals(await readJournal(path), journal);
 * ```
 */
export async function writeJournal(path: string, journal: PartJournal): Promise<void> {
  await writeAtomic(journalPathOf(path), JSON.stringify(journal), { sync: false });
}

/**
 * Remove the part and its journal; either may be missing.
 *
 * @param path The final name of the file
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { partPathOf, removePart } from "@civitai-dl/civitai-dl/transfer";
 *
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/a.safetensors`;
 * await Deno.writeTextFile(partPathOf(path), "the first bytes");
 * await removePart(path);
 * assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
 * ```
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
  const { version, identity, totalBytes, etag, blocks, extents, decisions } = value as Record<string, unknown>;
  const isSound = version === 1 && typeof identity === "object" && identity !== null &&
    Number.isSafeInteger(totalBytes) && Number(totalBytes) >= 0 && (etag === null || typeof etag === "string") &&
    Array.isArray(blocks) && blocks.every((crc) => Number.isSafeInteger(crc)) &&
    (extents === undefined || isExtentList(extents, Number(totalBytes)));
  if (!isSound) return null;
  if (decisions === undefined || isDecisionList(decisions)) return value as PartJournal;
  // The bytes do not depend on who decided: they are kept.
  const { decisions: _decisions, ...rest } = value as PartJournal;
  return rest;
}

function isDecisionList(value: unknown): value is readonly PartDecision[] {
  return Array.isArray(value) && value.every((decision) => {
    if (typeof decision !== "object" || decision === null) return false;
    const { by, group, profile, fromBytes } = decision as Record<string, unknown>;
    return [by, group, profile].every((text) => typeof text === "string") && Number.isSafeInteger(fromBytes);
  });
}

/**
 * Record in a journal which engine goes on with a part.
 *
 * @param journal The journal
 * @param decision The decision; `undefined` if nobody decides
 * @returns The new journal; the same object if its last decision is the same, or nobody decides
 */
export function withDecision(journal: PartJournal, decision: PartDecision | undefined): PartJournal {
  const { decisions = [] } = journal;
  const last = decisions.at(-1);
  if (decision === undefined) return journal;
  const { by, group, profile } = decision;
  if (last !== undefined && last.by === by && last.group === group && last.profile === profile) return journal;
  return { ...journal, decisions: [...decisions, decision].slice(-MAX_DECISIONS) };
}

/** Check that the ranges are sorted, neither touch nor overlap, and are within the file. */
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
