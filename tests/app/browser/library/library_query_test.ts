import { assertEquals } from "@std/assert";
import {
  chosenValues,
  EVERYTHING,
  type LibraryQuery,
  paramsOf,
  parseLibraryQuery,
  requestParams,
  toggleValue,
  withoutFilters,
} from "../../../../lib/app/browser/library/library_query.ts";

const parse = (params: string): LibraryQuery => parseLibraryQuery(new URLSearchParams(params));

Deno.test("parseLibraryQuery() reads what paramsOf() writes", () => {
  const filters = { ...EVERYTHING.filters, type: ["LORA", "Check & point"], tag: ["髪 / hair", "a=b"], creator: [""] };
  const query: LibraryQuery = { q: "  dark & 猫 +x", filters, sort: "-size" };
  assertEquals(parse(`${paramsOf(query)}`), query);
  assertEquals(parse(`${paramsOf(EVERYTHING)}`), EVERYTHING);
  assertEquals(`${paramsOf(EVERYTHING)}`, "");
});

Deno.test("parseLibraryQuery() leaves out what is unknown, empty or given twice", () => {
  const query = parse("q=a&type=&type=LORA&type=LORA&sort=constructor&evil=1");
  assertEquals(query, { ...EVERYTHING, q: "a", filters: { ...EVERYTHING.filters, type: ["LORA"] } });
});

Deno.test("requestParams() always has an order, and no blanks around the words", () => {
  assertEquals(`${requestParams(EVERYTHING)}`, "sort=-added");
  assertEquals(`${requestParams({ ...EVERYTHING, q: " a b " })}`, "q=a+b&sort=-added");
});

Deno.test("toggleValue() adds a value, and removes it again", () => {
  const query = toggleValue(toggleValue(EVERYTHING, "tag", "a"), "state", "done");
  assertEquals(chosenValues(query), [{ filter: "tag", value: "a" }, { filter: "state", value: "done" }]);
  assertEquals(chosenValues(toggleValue(query, "tag", "a")), [{ filter: "state", value: "done" }]);
});

Deno.test("withoutFilters() keeps the order", () => {
  assertEquals(withoutFilters({ ...toggleValue(EVERYTHING, "tag", "a"), q: "b", sort: "name" }), {
    ...EVERYTHING,
    sort: "name",
  });
});
