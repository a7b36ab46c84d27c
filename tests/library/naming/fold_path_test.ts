import { assertEquals, assertNotEquals } from "@std/assert";
import { foldPath } from "../../../lib/library/mod.ts";

Deno.test("foldPath() returns one key for paths that some system treats as the same", () => {
  const same = [
    ["Models/Style.PT", "models/style.pt"],
    ["caf\u0065\u0301/a", "CAFÉ/A"],
    ["straße", "STRASSE"],
    ["ΣΊΣΥΦΟΣ", "σίσυφος"],
    ["a. /b..", "a/b"],
    ["a\\b", "a/b"],
    ["\u212Bngstr\u00f6m", "ångström"],
  ] as const;
  for (const [one, other] of same) assertEquals(foldPath(one), foldPath(other));
});

Deno.test("foldPath() returns different keys for paths that every system distinguishes", () => {
  assertNotEquals(foldPath("a/b"), foldPath("ab"));
  assertNotEquals(foldPath("①"), foldPath("1"));
  assertNotEquals(foldPath(" a"), foldPath("a"));
  assertNotEquals(foldPath("a.b"), foldPath("ab"));
});
