import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { type Catalog, type NamedFilter, openCatalog } from "../../../../lib/library/mod.ts";
import { plannedItem } from "../../../helpers/library/facts.ts";
import { inTempDir } from "../../../helpers/temp_dir.ts";

function withCatalog(story: (catalog: Catalog) => void): Promise<void> {
  return inTempDir((folder) => {
    using catalog = openCatalog(join(folder, "catalog.db"));
    putNames(catalog, { model: "Lantern Fields", version: "v1" });
    catalog.plan(plannedItem(1, { path: "models/Ärger_ＡＢＣ/one.safetensors", creator: "Ann" }), 1);
    catalog.plan(
      plannedItem(2, { path: 'models/say "hi" AND (bye)*/two.safetensors', modelId: null, versionId: null }),
      1,
    );
    story(catalog);
  });
}

function putNames(catalog: Catalog, names: { readonly model: string; readonly version: string }): void {
  catalog.putModel(1, { name: names.model, type: "LORA", creator: "Ann", json: {} });
  catalog.putVersion(1, { modelId: 1, name: names.version, baseModel: "Ünique XL", publishedAt: null, json: {} });
}

function found(catalog: Catalog, filter: NamedFilter | string): readonly string[] {
  const whole = typeof filter === "string" ? { text: filter } : filter;
  const keys = [...catalog.namedItems(whole)].map(({ key }) => key);
  assertEquals(catalog.namedTotals(whole).count, keys.length);
  return keys;
}

const ONE = ["file:1:1"];
const TWO = ["file:2:2"];

Deno.test("Catalog.namedItems() finds words anywhere in path and names, in any letter case", () =>
  withCatalog((catalog) => {
    for (
      const text of ["lantern", "ANTER", "ärger", "ÄRGER", "ａｂｃ", "v1", "n", "one.safe", "ann lantern", "models/Ä"]
    ) {
      const expected = text === "n" ? [...ONE, ...TWO] : ONE;
      assertEquals(found(catalog, text), expected, text);
    }
    for (const text of ['"hi"', "AND two", "(bye)*", "say", '"']) assertEquals(found(catalog, text), TWO, text);
    for (const text of ["lanternx", "NOT", "hi NEAR", "zz", "lan tern2"]) assertEquals(found(catalog, text), [], text);
  }));

Deno.test("Catalog.namedItems() uses the latest names of a model, a version and a path", () =>
  withCatalog((catalog) => {
    putNames(catalog, { model: "Iron Harbour", version: "final cut" });
    assertEquals([found(catalog, "lantern"), found(catalog, "harbour"), found(catalog, "final cut")], [[], ONE, ONE]);
    catalog.setPath("file:1:1", "elsewhere/one.safetensors");
    assertEquals([found(catalog, "ärger"), found(catalog, "elsewhere")], [[], ONE]);
    catalog.replan(plannedItem(2, { modelId: 1, versionId: 1, creator: "Zoë" }), 2);
    assertEquals([found(catalog, "harbour"), found(catalog, "zoë")], [[...ONE, ...TWO], TWO]);
  }));

Deno.test("Catalog.namedItems() does not find removed items or rolled-back names", () =>
  withCatalog((catalog) => {
    catalog.remove("file:1:1");
    assertEquals([found(catalog, "lantern"), catalog.remove("file:1:1")], [[], false]);
    try {
      catalog.transaction(() => {
        catalog.plan(plannedItem(3, { path: "models/undone.bin" }), 1);
        throw new RangeError("no");
      });
    } catch (error) {
      assertEquals((error as Error).message, "no");
    }
    assertEquals(found(catalog, "undone"), []);
    catalog.plan(plannedItem(3, { path: "models/again.bin" }), 1);
    assertEquals(found(catalog, "again"), ["file:3:3"]);
  }));

Deno.test("Catalog.namedItems() compares types and base models in any letter case", () =>
  withCatalog((catalog) => {
    assertEquals([found(catalog, { types: ["lora"] }), found(catalog, { types: ["vae"] })], [ONE, []]);
    assertEquals([found(catalog, { baseModels: ["üniq"] }), found(catalog, { baseModels: ["sd 1"] })], [ONE, []]);
    assertEquals(found(catalog, { types: ["LORA"], baseModels: ["xl"], text: "lantern", states: ["planned"] }), ONE);
  }));

Deno.test("Catalog.namedItems() continues after a page of candidates without the word", () =>
  withCatalog((catalog) => {
    catalog.transaction(() => {
      // All have the trigrams of "abcabd", but only the last contains the word.
      for (let id = 10; id < 700; id++) catalog.plan(plannedItem(id, { path: `abd bca cab abc ${id}` }), 1);
      catalog.plan(plannedItem(700, { path: "abcabd" }), 1);
    });
    assertEquals(found(catalog, "abcabd"), ["file:700:700"]);
    assertEquals(found(catalog, "abc").length, 691);
  }));
