import { assertEquals } from "@std/assert";
import { contentDigest } from "../../../lib/library/sidecars/content_digest.ts";
import { FIELD_DIGEST_DIGITS, fieldDigest } from "../../../lib/library/sidecars/field_digest.ts";

Deno.test("fieldDigest() is the beginning of the content digest, whether or not it knows the value", () => {
  for (const value of [false, "SDXL 1.0", "long ".repeat(100), ["a", { b: 1 }], null, undefined]) {
    const expected = contentDigest(value).slice(0, FIELD_DIGEST_DIGITS);
    assertEquals([fieldDigest(value), fieldDigest(value)], [expected, expected]);
  }
});

Deno.test("fieldDigest() goes on when it has forgotten the values that it knew", () => {
  const first = fieldDigest(0);
  for (let index = 1; index < 10_000; index++) fieldDigest(index);
  assertEquals(fieldDigest(0), first);
});
