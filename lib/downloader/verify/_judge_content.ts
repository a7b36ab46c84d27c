import { BLOCK_BYTES } from "../../base/mod.ts";
import { type CatalogItem, type ContentDigests, type FileHashes, matchesHashes } from "../../library/mod.ts";
import type { FileVerdict } from "./verify_library.ts";

/** What the bytes of a file say about it. */
export interface ContentVerdict {
  readonly verdict: FileVerdict;
  /** Why, for a person; `null` when it is well. */
  readonly reason: string | null;
  /** Ascending; empty when they cannot be told. */
  readonly badBlocks: readonly number[];
}

/** What was noted when the file was done, and what it is now. */
export interface ContentFacts {
  readonly item: CatalogItem;
  /** CRC-32 of each block, as they were. */
  readonly blocks: Uint32Array | null;
  readonly actual: ContentDigests & Partial<FileHashes>;
  /** Whether the date on disk is another than was noted. */
  readonly isDated: boolean;
  /** What else was found out of a file that is not what was noted. */
  readonly clues?: DamageClues | undefined;
}

/** What tells damage from the work of a person. */
export interface DamageClues {
  /** Why it cannot be what its name promises, such as a picture that is cut; `null` if it can. */
  readonly structure: string | null;
  /** Of a file that is longer than it was: the bad blocks of its old length; `null` if they cannot be told. */
  readonly oldBlocks: readonly number[] | null;
  /** Path of the item whose content it is, and which has not got it any more; `null` if there is none. */
  readonly swappedWith: string | null;
}

const NO_CLUES: DamageClues = { structure: null, oldBlocks: null, swappedWith: null };

/** Judge a file by its bytes: well, damaged, or made into something else by its user. */
export function judgeContent(facts: ContentFacts): ContentVerdict {
  const { item, actual, isDated, clues = NO_CLUES } = facts;
  if (item.sha256 === null) return judgeByPublished(facts);
  if (item.sha256.toLowerCase() === actual.sha256) {
    return { verdict: clues.structure === null ? "ok" : "corrupt", reason: clues.structure, badBlocks: [] };
  }
  const badBlocks = clues.oldBlocks ?? findBad(facts);
  const isMeant = isDated && clues.structure === null && clues.swappedWith === null && !isDamage(facts, badBlocks);
  if (isMeant) {
    return { verdict: "changed", reason: "its content and its date are not what they were", badBlocks: [] };
  }
  return { verdict: "corrupt", reason: explain(facts, badBlocks), badBlocks };
}

/** Nothing was noted: what was published decides, and for a picture that it is whole. */
function judgeByPublished({ item, actual, isDated, clues = NO_CLUES }: ContentFacts): ContentVerdict {
  const verdict = isDated ? "changed" : "corrupt";
  switch (matchesHashes(actual, item.hashes)) {
    case "match":
      return { verdict: "ok", reason: null, badBlocks: [] };
    case "mismatch":
      return { verdict, reason: "its hashes are not the published ones", badBlocks: [] };
    case "unknown":
      if (clues.structure !== null) return { verdict: "corrupt", reason: clues.structure, badBlocks: [] };
      if (item.actualBytes !== null && actual.sizeBytes !== item.actualBytes) {
        const reason = `its size is ${actual.sizeBytes} bytes, it was ${item.actualBytes}`;
        return { verdict, reason, badBlocks: [] };
      }
      if (item.kind !== "file") return { verdict: "ok", reason: null, badBlocks: [] };
      return { verdict: "unverified", reason: "no hash of it is known", badBlocks: [] };
  }
}

/** A file that was replaced shares no block with the old one; one that was damaged shares most, or is its beginning. */
function isDamage({ item, blocks, actual, clues }: ContentFacts, badBlocks: readonly number[]): boolean {
  if (blocks === null || item.actualBytes === null) return false;
  if (clues?.oldBlocks) return badBlocks.length < blocks.length;
  if (actual.sizeBytes === item.actualBytes) return badBlocks.length < blocks.length || blocks.length === 1;
  const whole = Math.floor(actual.sizeBytes / BLOCK_BYTES);
  return actual.sizeBytes < item.actualBytes && whole > 0 && !badBlocks.some((block) => block < whole);
}

function findBad({ blocks, actual }: ContentFacts): readonly number[] {
  return blocks === null ? [] : [...blocks.keys()].filter((index) => actual.blocks[index] !== blocks[index]);
}

function explain({ item, blocks, actual, clues = NO_CLUES }: ContentFacts, badBlocks: readonly number[]): string {
  if (clues.swappedWith !== null) return `it is what belongs at "${clues.swappedWith}"`;
  const oldBytes = item.actualBytes ?? 0;
  if (actual.sizeBytes < oldBytes) return "it is cut short";
  if (clues.oldBlocks?.length === 0) return `${actual.sizeBytes - oldBytes} bytes were added at its end`;
  if (clues.structure !== null) return clues.structure;
  if (blocks === null || badBlocks.length === 0) return "its SHA-256 is not what it was";
  return `${badBlocks.length} of ${blocks.length} blocks are damaged`;
}
