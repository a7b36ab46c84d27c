import { assertEquals, assertThrows } from "@std/assert";
import { parseModel, parseModelPage } from "../../lib/civitai/mod.ts";
import { fixture } from "./_fixture.ts";

Deno.test("parseModel() reads a model with its versions in order", () => {
  const model = parseModel(fixture("model_full.json"));
  assertEquals([model.id, model.type, model.creator, model.mode], [3100010, "Checkpoint", "brambleforge", null]);
  assertEquals(model.versions.map(({ id, modelId, index }) => [id, modelId, index]), [
    [2900011, 3100010, 0],
    [2900012, 3100010, 1],
    [2900010, 3100010, 2],
  ]);
  assertEquals("modelVersions" in model.raw, false);
  assertEquals(model.raw["userId"], 8800001);
});

Deno.test("parseModel() reads a missing creator and one whose name is a number", () => {
  assertEquals(parseModelPage(fixture("models_page1.json")).items.map(({ creator }) => creator), [
    "brambleforge",
    null,
    "4711",
    "brambleforge",
    "brambleforge",
  ]);
  assertEquals(parseModel({ id: 1, creator: { username: null } }).creator, null);
});

Deno.test("parseModel() reads an archived model, which has no files", () => {
  const model = parseModel(fixture("model_archived.json"));
  assertEquals([model.mode, model.versions[0]?.files], ["Archived", []]);
});

Deno.test("parseModel() reads allowCommercialUse as a list, a word and the database's literal", () => {
  const uses = (allowCommercialUse: unknown) => parseModel({ id: 1, allowCommercialUse }).allowCommercialUse;
  assertEquals(uses(["Image", "Sell"]), ["Image", "Sell"]);
  assertEquals(uses("{Image,RentCivit}"), ["Image", "RentCivit"]);
  assertEquals(uses('{"Image"}'), ["Image"]);
  assertEquals([uses("Sell"), uses("None"), uses("{}"), uses(null), uses(undefined), uses(7)], [
    ["Sell"],
    [],
    [],
    [],
    [],
    [],
  ]);
});

Deno.test("parseModel() reads tags as texts and as objects", () => {
  assertEquals(parseModel({ id: 1, tags: ["a", { name: "b" }, null, { id: 3 }] }).tags, ["a", "b"]);
});

Deno.test("parseModel() takes unknown modes and types without complaint", () => {
  const model = parseModel({ id: "12", type: "Hologram", mode: "Frozen", nsfw: "yes", surprise: {} });
  assertEquals([model.id, model.type, model.mode, model.nsfw], [12, "Hologram", null, false]);
});

Deno.test("parseModel() refuses what has no id", () => {
  for (const json of [null, [], {}, { id: -1 }, { id: "x" }, "text"]) {
    assertThrows(() => parseModel(json), SyntaxError);
  }
});

Deno.test("parseModelPage() reports entries that it cannot read and keeps the others", () => {
  const page = parseModelPage({ items: [{ id: 1 }, null, { name: "no id" }], metadata: null });
  assertEquals([page.items.length, page.nextCursor, page.unreadable?.length], [1, null, 1]);
});

Deno.test("parseModelPage() refuses what is no page", () => {
  for (const json of [null, {}, { items: {} }, []]) assertThrows(() => parseModelPage(json), SyntaxError);
});

Deno.test("parseModelPage() reads text and number cursors alike, and none", () => {
  const cursorOf = (name: string) => parseModelPage(fixture(name)).nextCursor;
  assertEquals(cursorOf("models_page1.json"), "7120|90211|3100006");
  assertEquals(cursorOf("models_page_numeric_cursor_with_page.json"), "3100001");
  assertEquals(cursorOf("models_page2.json"), null);
  assertEquals(parseModelPage({ items: [], metadata: { nextCursor: "" } }).nextCursor, null);
});
