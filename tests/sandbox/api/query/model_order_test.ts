import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { MODEL_SORTS, ModelOrder } from "../../../../lib/sandbox/api/query/model_order.ts";
import { settleCatalog } from "../../../../lib/sandbox/_settle_catalog.ts";

const ORDER = new ModelOrder(settleCatalog({ size: "small" }, 0));

for (const sort of MODEL_SORTS) {
  Deno.test(`ModelOrder.from() continues after a cursor of "${sort}"`, () => {
    const all = [...ORDER.indexes(sort)];
    assertEquals(all.toSorted((a, b) => a - b), Array.from({ length: 300 }, (_, index) => index));
    for (const place of [0, 1, 150, 299]) {
      const rest = ORDER.from(sort, ORDER.indexes(sort), ORDER.cursorOf(sort, all[place]!));
      assert(typeof rest !== "string");
      assertEquals([...rest], all.slice(sort === "Newest" ? place + 1 : place));
    }
  });
}

Deno.test("ModelOrder.cursorOf() writes a counter and the id, or a time and the id", () => {
  assertMatch(ORDER.cursorOf("Highest Rated", 3), /^\d+\|\d+\|100003$/);
  assertMatch(ORDER.cursorOf("Newest", 3), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\|100003$/);
});

Deno.test("ModelOrder.from() reports what is wrong with a cursor", () => {
  const refuse = (sort: string, cursor: string): string => {
    const answer = ORDER.from(sort, ORDER.indexes(sort), cursor);
    assert(typeof answer === "string");
    return answer;
  };
  assertEquals(refuse("Highest Rated", "5"), "Invalid cursor: expected 3 value(s) for this sort, received 1");
  assertEquals(refuse("Newest", "1|2|3"), "Invalid cursor: expected 2 value(s) for this sort, received 3");
  assertStringIncludes(refuse("Newest", "yesterday|3"), "cannot be parsed");
  assertStringIncludes(refuse("Oldest", "2025-01-01 00:00:00|x"), "cannot be parsed");
});
