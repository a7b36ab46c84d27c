import { assertEquals } from "@std/assert";
import { classifyCategory } from "../../../lib/library/naming/classify_category.ts";

Deno.test("classifyCategory() agrees with the earlier tool", () => {
  const table = [
    [["clothing", "anime character"], "CLOTHING"],
    [["Character"], "CHARACTER"],
    [["vehicle", "concept"], "CONCEPT"],
    [["art style"], "STYLE"],
    [["celebrity"], "CHARACTER"],
    [["evening dress"], "CLOTHING"],
    [["cartoon"], "VEHICLE"],
    [["landscape"], "MISC"],
    [[], "MISC"],
  ] as const;
  for (const [tags, category] of table) assertEquals(classifyCategory(tags), category, tags.join());
});
