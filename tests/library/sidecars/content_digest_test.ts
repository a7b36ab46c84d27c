import { assertEquals, assertNotEquals } from "@std/assert";
import { contentDigest } from "../../../lib/library/sidecars/content_digest.ts";

Deno.test("contentDigest() depends on content, not on order", () => {
  assertEquals(contentDigest({ a: 1, b: { c: 2, d: 3 } }), contentDigest({ b: { d: 3, c: 2 }, a: 1 }));
  assertNotEquals(contentDigest([1, 2]), contentDigest([2, 1]));
  assertNotEquals(contentDigest({ a: 1 }), contentDigest([["a", 1]]));
  assertNotEquals(contentDigest(null), contentDigest(undefined));
});

Deno.test("contentDigest() ignores fields that change daily", () => {
  const at = (downloads: number): unknown => ({ id: 1, stats: { downloads }, deep: [{ stats: downloads }] });
  assertEquals(contentDigest(at(1), { ignore: ["stats"] }), contentDigest(at(2), { ignore: ["stats"] }));
  assertNotEquals(contentDigest(at(1)), contentDigest(at(2)));
});
