import { assertEquals, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { type ModelQuery, modelSearchParams } from "../../../lib/civitai/mod.ts";

Deno.test("modelSearchParams() requests everything, in an order that loses nothing at page boundaries", () => {
  assertEquals(modelSearchParams({}).toString(), "limit=100&sort=Highest+Rated&nsfw=true");
});

Deno.test("modelSearchParams() repeats types and baseModels instead of joining them", () => {
  const parameters = modelSearchParams({ types: ["LORA", "DoRA"], baseModels: ["Pony", "SDXL 1.0"] });
  assertEquals(parameters.getAll("types"), ["LORA", "DoRA"]);
  assertEquals(parameters.getAll("baseModels"), ["Pony", "SDXL 1.0"]);
});

Deno.test('modelSearchParams() never sends the text "false", which the server reads as true', () => {
  const parameters = modelSearchParams({
    nsfw: false,
    favorites: false,
    hidden: false,
    archived: false,
    earlyAccess: false,
  });
  assertEquals([...parameters.keys()], ["limit", "sort"]);
  assertEquals(modelSearchParams({ favorites: true, archived: true }).get("favorites"), "true");
});

Deno.test("modelSearchParams() sends the given values", () => {
  const query = {
    username: "bob",
    query: "cat",
    tag: "style",
    checkpointType: "Merge",
    period: "Month",
    sort: "Oldest",
    ids: [1, 2],
    limit: 7,
  } as const;
  assertEquals(Object.fromEntries(modelSearchParams(query)), { ...query, ids: "1,2", limit: "7", nsfw: "true" });
});

const REFUSED: readonly ModelQuery[] = [
  { username: "" },
  { username: " " },
  { username: "逆光" },
  { tag: "" },
  { query: " " },
  { sort: "" },
  { period: "" },
  { types: [] },
  { types: ["LORA,DoRA"] },
  { baseModels: [""] },
  { ids: [] },
  { ids: [1.5] },
  { ids: [0] },
  { limit: 0 },
  { limit: 101 },
  { limit: 2.5 },
];

for (const query of REFUSED) {
  Deno.test(`modelSearchParams() refuses ${JSON.stringify(query)}, which the server would ignore`, () => {
    assertEquals(assertThrows(() => modelSearchParams(query), KitError).code, "usage");
  });
}
