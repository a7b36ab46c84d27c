import { assertEquals } from "@std/assert";
import { badRanges } from "../../../lib/downloader/verify/bad_ranges.ts";
import { judgeContent } from "../../../lib/downloader/verify/_judge_content.ts";
import type { ContentFacts, DamageClues } from "../../../lib/downloader/verify/_content_facts.ts";
import type { CatalogItem, FileHashes } from "../../../lib/library/mod.ts";
import { BLOCK } from "../../helpers/library/kept_library.ts";

/** A changed file of three blocks, with the test's changes. */
function facts(changes: {
  noted?: readonly number[] | null;
  now?: readonly number[];
  sizeBytes?: number;
  isDated?: boolean;
  item?: Partial<CatalogItem>;
  clues?: Partial<DamageClues>;
}): ContentFacts {
  const { noted = [1, 2, 3], now = [1, 2, 3], sizeBytes = 3 * BLOCK, isDated = false, item = {}, clues } = changes;
  return {
    item: { sha256: "aa", actualBytes: (noted ?? [1, 2, 3]).length * BLOCK, hashes: {}, ...item } as CatalogItem,
    blocks: noted === null ? null : Uint32Array.from(noted),
    actual: { sha256: "bb", blocks: Uint32Array.from(now), sizeBytes } as FileHashes,
    isDated,
    clues: clues && { structure: null, oldBlocks: null, swappedWith: null, ...clues },
  };
}

const cases: Record<string, { given: Parameters<typeof facts>[0]; verdict: string; bad?: readonly number[] }> = {
  "damage under an old date": { given: { now: [1, 9, 3] }, verdict: "corrupt", bad: [1] },
  "damage under a new date, since other blocks are as they were": {
    given: { now: [1, 9, 3], isDated: true },
    verdict: "corrupt",
    bad: [1],
  },
  "a file that shares no block, under a new date": { given: { now: [7, 8, 9], isDated: true }, verdict: "changed" },
  "a file that shares no block, under the old date": { given: { now: [7, 8, 9] }, verdict: "corrupt", bad: [0, 1, 2] },
  "the beginning of the file": {
    given: { now: [1, 2], sizeBytes: BLOCK * 2, isDated: true },
    verdict: "corrupt",
    bad: [2],
  },
  "a shorter file that is no beginning": {
    given: { now: [9, 2], sizeBytes: BLOCK * 2, isDated: true },
    verdict: "changed",
  },
  "a longer file": { given: { now: [7, 8, 9, 4], sizeBytes: BLOCK * 4, isDated: true }, verdict: "changed" },
  "a longer file whose beginning is the old one": {
    given: { sizeBytes: BLOCK * 3 + 9, isDated: true, clues: { oldBlocks: [] } },
    verdict: "corrupt",
  },
  "a longer file with one bad block in the old one": {
    given: { sizeBytes: BLOCK * 3 + 9, isDated: true, clues: { oldBlocks: [1] } },
    verdict: "corrupt",
    bad: [1],
  },
  "a longer file that shares no block with the old one": {
    given: { now: [7, 8, 9], sizeBytes: BLOCK * 3 + 9, isDated: true, clues: { oldBlocks: [0, 1, 2] } },
    verdict: "changed",
  },
  "a new file that is not what its name promises": {
    given: { noted: null, isDated: true, clues: { structure: "it is truncated" } },
    verdict: "corrupt",
  },
  "the content of another item that has not got it": {
    given: { noted: null, isDated: true, clues: { swappedWith: "b.jpeg" } },
    verdict: "corrupt",
  },
  "a picture of which nothing was noted": {
    given: { item: { sha256: null, kind: "preview" } },
    verdict: "ok",
  },
  "a file of another size of which no hash was noted": {
    given: { item: { sha256: null, kind: "file" }, sizeBytes: 5 },
    verdict: "corrupt",
  },
  "one block of the same size": {
    given: { noted: [1], now: [9], sizeBytes: BLOCK, isDated: true },
    verdict: "corrupt",
    bad: [0],
  },
  "another file of which no digests were noted": { given: { noted: null, isDated: true }, verdict: "changed" },
  "damage that no digest can locate": { given: { noted: null }, verdict: "corrupt" },
  "the same hash in another letter case": { given: { item: { sha256: "BB" } }, verdict: "ok" },
};

for (const [name, { given, verdict, bad = [] }] of Object.entries(cases)) {
  Deno.test(`judgeContent() judges ${name} as ${verdict}`, () => {
    const judged = judgeContent(facts(given));
    assertEquals([judged.verdict, judged.badBlocks], [verdict as typeof judged.verdict, bad]);
    assertEquals(judged.reason === null, verdict === "ok");
  });
}

Deno.test("badRanges() joins adjacent blocks and ends with the file", () => {
  assertEquals(badRanges([], 10), []);
  assertEquals(badRanges([0, 1, 3], 3 * BLOCK + 5), [
    { firstBlock: 0, lastBlock: 1, start: 0, end: 2 * BLOCK },
    { firstBlock: 3, lastBlock: 3, start: 3 * BLOCK, end: 3 * BLOCK + 5 },
  ]);
});
