import { assertEquals } from "@std/assert";
import { BLOCK_BYTES } from "../../../lib/base/mod.ts";
import { type PartJournal, planResume, type ResumeFacts } from "../../../lib/transfer/mod.ts";

const identity = { fileId: 7, sha256: "ab" };
const journal: PartJournal = { version: 1, identity, totalBytes: 3 * BLOCK_BYTES, etag: '"v1"', blocks: [11, 22] };
const FRESH = { extents: [], etag: null, blocks: [] };

function plan(changes: Partial<ResumeFacts> = {}): ReturnType<typeof planResume> {
  return planResume({ partBytes: 2 * BLOCK_BYTES + 5, journal, identity, hasHash: false, ...changes });
}

Deno.test("planResume() keeps a part with its blocks and validator", () =>
  assertEquals(plan(), { extents: [[0, 2 * BLOCK_BYTES + 5]], etag: '"v1"', blocks: [11, 22] }));

Deno.test("planResume() keeps of a part that lost data only the blocks that it has", () =>
  assertEquals(plan({ partBytes: BLOCK_BYTES + 1 }).blocks, [11]));

Deno.test("planResume() keeps a part that is whole", () =>
  assertEquals(plan({ partBytes: 3 * BLOCK_BYTES }).extents, [[0, 3 * BLOCK_BYTES]]));

Deno.test("planResume() starts over without a part, without a journal, and with too long a part", () => {
  assertEquals(plan({ partBytes: 0 }), FRESH);
  assertEquals(plan({ journal: null }), FRESH);
  assertEquals(plan({ partBytes: 3 * BLOCK_BYTES + 1 }), FRESH);
});

Deno.test("planResume() starts over for another file, also when only one side names a fact", () => {
  assertEquals(plan({ identity: { ...identity, fileId: 8 } }), FRESH);
  assertEquals(plan({ identity: { fileId: 7 } }), FRESH);
  assertEquals(plan({ identity: { ...identity, extra: 1 } }), FRESH);
});

Deno.test("planResume() needs something that will notice a change of the object", () => {
  const untied = { ...journal, etag: null };
  assertEquals(plan({ journal: untied }), FRESH);
  assertEquals(plan({ journal: untied, hasHash: true }).extents, [[0, 2 * BLOCK_BYTES + 5]]);
});

Deno.test("planResume() keeps what stands behind gaps only if a hash will judge it", () => {
  const gappy: PartJournal = { ...journal, extents: [[0, BLOCK_BYTES + 5], [2 * BLOCK_BYTES, 2 * BLOCK_BYTES + 9]] };
  assertEquals(plan({ journal: gappy }), { extents: [[0, BLOCK_BYTES + 5]], etag: '"v1"', blocks: [11] });
  assertEquals(plan({ journal: gappy, hasHash: true }).extents, [
    [0, BLOCK_BYTES + 5],
    [2 * BLOCK_BYTES, 2 * BLOCK_BYTES + 5],
  ]);
});
