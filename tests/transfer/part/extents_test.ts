import { assertEquals } from "@std/assert";
import { seededRandom } from "../../../lib/base/mod.ts";
import { addExtent, type Extent, frontierOf, missingExtents, sizeOfExtents } from "../../../lib/transfer/mod.ts";

const CASES: readonly [before: readonly Extent[], added: Extent, after: readonly Extent[]][] = [
  [[], [3, 5], [[3, 5]]],
  [[[0, 3]], [3, 5], [[0, 5]]],
  [[[0, 3]], [4, 5], [[0, 3], [4, 5]]],
  [[[0, 3], [6, 9]], [2, 7], [[0, 9]]],
  [[[4, 6]], [0, 4], [[0, 6]]],
  [[[0, 9]], [2, 4], [[0, 9]]],
  [[[0, 2], [4, 6], [8, 9]], [3, 7], [[0, 2], [3, 7], [8, 9]]],
  [[[0, 2]], [5, 5], [[0, 2]]],
];

for (const [before, added, after] of CASES) {
  Deno.test(`addExtent() returns ${JSON.stringify(after)} for ${JSON.stringify(before)} and [${added}]`, () =>
    assertEquals(addExtent(before, added), after));
}

Deno.test("missingExtents() returns the gaps, including after the last byte", () => {
  assertEquals(missingExtents([[2, 4], [6, 8]], 10), [[0, 2], [4, 6], [8, 10]]);
  assertEquals(missingExtents([[0, 10]], 10), []);
  assertEquals(missingExtents([], Infinity), [[0, Infinity]]);
});

Deno.test("frontierOf() returns the start of the first gap", () => {
  assertEquals([frontierOf([]), frontierOf([[1, 5]]), frontierOf([[0, 5], [7, 9]])], [0, 0, 5]);
});

Deno.test("addExtent() agrees with a set of bytes in any order", () => {
  const random = seededRandom(5);
  for (let round = 0; round < 200; round++) {
    let extents: readonly Extent[] = [];
    const bytes = new Set<number>();
    for (let i = 0; i < 12; i++) {
      const start = Math.floor(random() * 40);
      const end = start + Math.floor(random() * 8);
      extents = addExtent(extents, [start, end]);
      for (let at = start; at < end; at++) bytes.add(at);
    }
    assertEquals(sizeOfExtents(extents), bytes.size);
    const listed = extents.flatMap(([start, end]) => Array.from({ length: end - start }, (_, i) => start + i));
    assertEquals(listed, [...bytes].sort((a, b) => a - b));
    assertEquals(extents.every((extent, i) => i === 0 || extent[0] > extents[i - 1]![1]), true);
  }
});
