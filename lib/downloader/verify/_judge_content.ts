import type { ContentFacts, ContentVerdict, DamageClues } from "./_content_facts.ts";
import { BLOCK_BYTES, formatCount } from "../../base/mod.ts";
import { matchesHashes } from "../../library/mod.ts";

const NO_CLUES: DamageClues = { structure: null, oldBlocks: null, swappedWith: null };

/** Judge a file by its bytes: intact, damaged, or changed by the user. */
export function judgeContent(facts: ContentFacts): ContentVerdict {
  const { item, actual, isDated, clues = NO_CLUES } = facts;
  if (item.sha256 === null) return judgeByPublished(facts);
  if (item.sha256.toLowerCase() === actual.sha256) return { verdict: "ok", reason: null, badBlocks: [] };
  const badBlocks = clues.oldBlocks ?? findBad(facts);
  const isIntentional = isDated && clues.structure === null && clues.swappedWith === null &&
    !isDamage(facts, badBlocks);
  if (isIntentional) {
    return { verdict: "changed", reason: "its content and its modification time have changed", badBlocks: [] };
  }
  return { verdict: "corrupt", reason: describeDamage(facts, badBlocks), badBlocks };
}

/** Judge a file without a recorded SHA-256 by the published hashes, or a picture by whether it is complete. */
function judgeByPublished({ item, actual, isDated, clues = NO_CLUES }: ContentFacts): ContentVerdict {
  const verdict = isDated ? "changed" : "corrupt";
  switch (matchesHashes(actual, item.hashes)) {
    case "match":
      return { verdict: "ok", reason: null, badBlocks: [] };
    case "mismatch":
      return { verdict, reason: "its hashes differ from the published ones", badBlocks: [] };
    case "unknown":
      if (clues.structure !== null) return { verdict: "corrupt", reason: clues.structure, badBlocks: [] };
      if (item.actualBytes !== null && actual.sizeBytes !== item.actualBytes) {
        const reason = `its size is ${actual.sizeBytes} bytes, expected ${item.actualBytes}`;
        return { verdict, reason, badBlocks: [] };
      }
      if (item.kind !== "file") return { verdict: "ok", reason: null, badBlocks: [] };
      return { verdict: "unverified", reason: "it has no known hash", badBlocks: [] };
  }
}

/**
 * Distinguish damage from replacement: a replacement shares no block with the old file, a damaged file shares at least
 * one or is a truncated copy. If the size is the same, a file of a single block counts as damaged.
 */
function isDamage({ item, blocks, actual, clues }: ContentFacts, badBlocks: readonly number[]): boolean {
  if (blocks === null || item.actualBytes === null) return false;
  if (clues?.oldBlocks) return badBlocks.length < blocks.length;
  if (actual.sizeBytes === item.actualBytes) return badBlocks.length < blocks.length || blocks.length === 1;
  const wholeBlocks = Math.floor(actual.sizeBytes / BLOCK_BYTES);
  return actual.sizeBytes < item.actualBytes && wholeBlocks > 0 && !badBlocks.some((block) => block < wholeBlocks);
}

function findBad({ blocks, actual }: ContentFacts): readonly number[] {
  return blocks === null ? [] : [...blocks.keys()].filter((index) => actual.blocks[index] !== blocks[index]);
}

function describeDamage(
  { item, blocks, actual, clues = NO_CLUES }: ContentFacts,
  badBlocks: readonly number[],
): string {
  if (clues.swappedWith !== null) return `it has the content of "${clues.swappedWith}"`;
  const oldBytes = item.actualBytes ?? 0;
  if (actual.sizeBytes < oldBytes) return "it is truncated";
  if (clues.oldBlocks?.length === 0) {
    return `${formatCount(actual.sizeBytes - oldBytes, "byte was", "bytes were")} appended`;
  }
  if (clues.structure !== null) return clues.structure;
  if (blocks === null || badBlocks.length === 0) return "its SHA-256 has changed";
  return `${badBlocks.length} of ${blocks.length} blocks are damaged`;
}
