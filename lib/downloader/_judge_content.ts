import { BLOCK_BYTES } from "../base/mod.ts";
import { type CatalogItem, type FileHashes, matchesHashes } from "../library/mod.ts";
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
  readonly actual: FileHashes;
  /** Whether the date on disk is another than was noted. */
  readonly isDated: boolean;
}

/** Judge a file by its bytes: well, damaged, or made into something else by its user. */
export function judgeContent(facts: ContentFacts): ContentVerdict {
  const { item, actual, isDated } = facts;
  if (item.sha256 === null) return judgeByPublished(facts);
  if (item.sha256.toLowerCase() === actual.sha256) return { verdict: "ok", reason: null, badBlocks: [] };
  const badBlocks = findBad(facts);
  if (isDated && !isDamage(facts, badBlocks)) {
    return { verdict: "changed", reason: "its content and its date are not what they were", badBlocks: [] };
  }
  const isShort = actual.sizeBytes < (item.actualBytes ?? 0);
  return { verdict: "corrupt", reason: isShort ? "it is cut short" : explain(facts, badBlocks), badBlocks };
}

function judgeByPublished({ item, actual, isDated }: ContentFacts): ContentVerdict {
  switch (matchesHashes(actual, item.hashes)) {
    case "match":
      return { verdict: "ok", reason: null, badBlocks: [] };
    case "mismatch": {
      const verdict = isDated ? "changed" : "corrupt";
      return { verdict, reason: "its hashes are not the published ones", badBlocks: [] };
    }
    case "unknown":
      return { verdict: "unverified", reason: "no hash of it is known", badBlocks: [] };
  }
}

/** A file that was replaced shares no block with the old one; one that was damaged shares most, or is its beginning. */
function isDamage({ item, blocks, actual }: ContentFacts, badBlocks: readonly number[]): boolean {
  if (blocks === null || item.actualBytes === null) return false;
  if (actual.sizeBytes === item.actualBytes) return badBlocks.length < blocks.length || blocks.length === 1;
  const whole = Math.floor(actual.sizeBytes / BLOCK_BYTES);
  return actual.sizeBytes < item.actualBytes && whole > 0 && !badBlocks.some((block) => block < whole);
}

function findBad({ blocks, actual }: ContentFacts): readonly number[] {
  return blocks === null ? [] : [...blocks.keys()].filter((index) => actual.blocks[index] !== blocks[index]);
}

function explain({ blocks }: ContentFacts, badBlocks: readonly number[]): string {
  if (blocks === null || badBlocks.length === 0) return "its SHA-256 is not what it was";
  return `${badBlocks.length} of ${blocks.length} blocks are damaged`;
}
