import { assertEquals } from "@std/assert";
import { BLOCK_BYTES } from "../../../lib/base/mod.ts";
import { type PartJournal, planResume, type PlanResumeOptions } from "../../../lib/transfer/mod.ts";

const identity = { fileId: 7, sha256: "ab" };
const journal: PartJournal = { version: 1, identity, totalBytes: 3 * BLOCK_BYTES, etag: '"v1"', blocks: [11, 22] };
const FRESH = { extents: [], etag: null, blocks: [] };

function plan(changes: Partial<PlanResumeOptions> = {}): ReturnType<typeof planResume> {
  return planResume({ partBytes: 2 * BLOCK_BYTES + 5, journal, identity, hasHash: false, ...changes });
}

Deno.test("planResume() keeps a part with its blocks and validator", () =>
  assertEquals(plan(), { extents: [[0, 2 * BLOCK_BYTES + 5]], etag: '"v1"', blocks: [11, 22] }));

Deno.test("planResume() keeps only existing blocks of a part that lost data", () =>
  assertEquals(plan({ partBytes: BLOCK_BYTES + 1 }).blocks, [11]));

Deno.test("planResume() keeps a complete part", () =>
  assertEquals(plan({ partBytes: 3 * BLOCK_BYTES }).extents, [[0, 3 * BLOCK_BYTES]]));

Deno.test("planResume() restarts without a part, without a journal and with a part that is too long", () => {
  assertEquals(plan({ partBytes: 0 }), FRESH);
  assertEquals(plan({ journal: null }), FRESH);
  assertEquals(plan({ partBytes: 3 * BLOCK_BYTES + 1 }), FRESH);
});

Deno.test("planResume() restarts for another file, also if only one side has a field", () => {
  assertEquals(plan({ identity: { ...identity, fileId: 8 } }), FRESH);
  assertEquals(plan({ identity: { fileId: 7 } }), FRESH);
  assertEquals(plan({ identity: { ...identity, extra: 1 } }), FRESH);
});

Deno.test("planResume() requires a validator or hash that detects a changed object", () => {
  const untied = { ...journal, etag: null };
  assertEquals(plan({ journal: untied }), FRESH);
  assertEquals(plan({ journal: untied, hasHash: true }).extents, [[0, 2 * BLOCK_BYTES + 5]]);
});

Deno.test("planResume() keeps bytes after gaps only with a hash", () => {
  const gappy: PartJournal = { ...journal, extents: [[0, BLOCK_BYTES + 5], [2 * BLOCK_BYTES, 2 * BLOCK_BYTES + 9]] };
  assertEquals(plan({ journal: gappy }), { extents: [[0, BLOCK_BYTES + 5]], etag: '"v1"', blocks: [11] });
  assertEquals(plan({ journal: gappy, hasHash: true }).extents, [
    [0, BLOCK_BYTES + 5],
    [2 * BLOCK_BYTES, 2 * BLOCK_BYTES + 5],
  ]);
});
