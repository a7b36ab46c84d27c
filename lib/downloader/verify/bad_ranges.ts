import { BLOCK_BYTES } from "../../base/mod.ts";
import type { BadRange } from "./verify_summary.ts";

/** Suffix of the copy of a file in which its bad ranges are being replaced. */
export const REPAIR_ENDING = ".repair";

/** Merge adjacent bad blocks, in ascending order, into byte ranges; the last range ends at the end of the file. */
export function badRanges(badBlocks: readonly number[], sizeBytes: number): readonly BadRange[] {
  const ranges: BadRange[] = [];
  for (const block of badBlocks) {
    const last = ranges.at(-1);
    const end = Math.min((block + 1) * BLOCK_BYTES, sizeBytes);
    if (last !== undefined && last.lastBlock === block - 1) {
      ranges[ranges.length - 1] = { ...last, lastBlock: block, end };
    } else ranges.push({ firstBlock: block, lastBlock: block, start: block * BLOCK_BYTES, end });
  }
  return ranges;
}
