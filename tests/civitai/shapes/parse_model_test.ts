import { assertEquals, assertThrows } from "@std/assert";
import { parseModel, parseModelPage } from "../../../lib/civitai/mod.ts";
import { assertLinearTime } from "../../helpers/assert_linear_time.ts";
import { fixture } from "../../helpers/servers/civitai_fixture.ts";

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

Deno.test("parseModel() reads a missing creator and a numeric creator name", () => {
  assertEquals(parseModelPage(fixture("models_page1.json")).items.map(({ creator }) => creator), [
    "brambleforge",
    null,
    "4711",
    "brambleforge",
    "brambleforge",
  ]);
  assertEquals(parseModel({ id: 1, creator: { username: null } }).creator, null);
});

Deno.test("parseModel() reads an archived model without files", () => {
  const model = parseModel(fixture("model_archived.json"));
  assertEquals([model.mode, model.versions[0]?.files], ["Archived", []]);
});

Deno.test("parseModel() reads tags as texts and as objects", () => {
  assertEquals(parseModel({ id: 1, tags: ["a", { name: "b" }, null, { id: 3 }] }).tags, ["a", "b"]);
});

Deno.test("parseModel() accepts unknown modes and types", () => {
  const model = parseModel({ id: "12", type: "Hologram", mode: "Frozen", nsfw: "yes", surprise: {} });
  assertEquals([model.id, model.type, model.mode, model.nsfw], [12, "Hologram", null, false]);
});

Deno.test("parseModel() refuses a model without an id", () => {
  for (const json of [null, [], {}, { id: -1 }, { id: "x" }, "text"]) {
    assertThrows(() => parseModel(json), SyntaxError);
  }
});

Deno.test("parseModelPage() reports unreadable entries and keeps the others", () => {
  const page = parseModelPage({
    items: [{ id: 1 }, null, { name: "no id" }, { id: -5, name: 7 }, [3]],
    metadata: null,
  });
  assertEquals([page.items.length, page.nextCursor], [1, null]);
  assertEquals(page.unreadable, [
    { kind: "model", name: "model #2", position: 2, reason: "it is null" },
    { kind: "model", name: 'model #3 ("no id")', position: 3, reason: '"id" is missing' },
    { kind: "model", name: "model #4 (id -5)", position: 4, reason: '"id" is -5' },
    { kind: "model", name: "model #5", position: 5, reason: "it is a list" },
  ]);
});

Deno.test("parseModelPage() refuses an invalid page", () => {
  for (const json of [null, {}, { items: {} }, []]) assertThrows(() => parseModelPage(json), SyntaxError);
});

Deno.test("parseModelPage() reads text and numeric cursors alike, and their absence", () => {
  const cursorOf = (name: string) => parseModelPage(fixture(name)).nextCursor;
  assertEquals(cursorOf("models_page1.json"), "7120|90211|3100006");
  assertEquals(cursorOf("models_page_numeric_cursor_with_page.json"), "3100001");
  assertEquals(cursorOf("models_page2.json"), null);
  assertEquals(parseModelPage({ items: [], metadata: { nextCursor: "" } }).nextCursor, null);
});

Deno.test("parseModelPage() reports an unreadable cursor instead of an end", () => {
  for (const metadata of [{ nextCursor: {} }, { nextCursor: ["7|1"] }, "7|1", ["7|1"]]) {
    const { nextCursor, unreadable } = parseModelPage({ items: [], metadata });
    assertEquals([nextCursor, unreadable?.map(({ kind, name }) => [kind, name])], [null, [
      ["cursor", "the page after this one"],
    ]]);
  }
  for (const metadata of [null, undefined, {}, { nextCursor: null }, { nextCursor: "" }]) {
    assertEquals(parseModelPage({ items: [], metadata }).unreadable, undefined);
  }
});

Deno.test("parseModel() names unreadable versions, files and images, and does not store them", () => {
  const files = [{ id: 7, name: "good.pt" }, { name: "bad.pt" }, { id: 8, sizeKB: 1e300 }, "word"];
  const images = [{ url: "https://image.example/9.jpeg" }, { id: 3 }, { url: "https://image.example/x.jpeg" }];
  const model = parseModel({ id: 5, modelVersions: [{ id: 6, name: "v1", files, images }, { name: "lost" }, null] });
  assertEquals(model.unreadable?.map(({ name, reason }) => `${name}: ${reason}`), [
    'version #2 ("lost") of model 5: "id" is missing',
    "version #3 of model 5: it is null",
  ]);
  const [version] = model.versions;
  assertEquals(version?.unreadable?.map(({ name, reason }) => `${name}: ${reason}`), [
    'file #2 ("bad.pt") of version 6: "id" is missing',
    'file #3 (id 8) of version 6: "sizeKB" is 1e+300',
    'file #4 of version 6: it is "word"',
    'image #2 (id 3) of version 6: "url" is missing',
    'image #3 ("https://image.example/x.jpeg") of version 6: neither the entry nor its URL "https://image.example/x.jpeg" contains an id',
  ]);
  assertEquals([version?.files.map(({ id }) => id), version?.images.map(({ id }) => id)], [[7], [9]]);
  assertEquals([version?.raw["files"], version?.raw["images"]], [files.slice(0, 1), images.slice(0, 1)]);
});

Deno.test("parseModel() names an invalid list, and treats a missing one as empty", () => {
  const odd = parseModel({ id: 5, modelVersions: { 0: { id: 6 } } });
  assertEquals(odd.unreadable?.map(({ name, reason }) => [name, reason]), [
    ["every version of model 5", "the list is an object"],
  ]);
  const [version] = parseModel({ id: 5, modelVersions: [{ id: 6, files: "all", images: null }] }).versions;
  assertEquals(version?.unreadable?.map(({ name }) => name), ["every file of version 6"]);
  assertEquals(version?.raw["files"], []);
  assertEquals("unreadable" in parseModel({ id: 5, modelVersions: null }), false);
});

Deno.test("parseModel() keeps the first of two entries with one id, and names a different second one", () => {
  const file = { id: 7, name: "a.pt" };
  const [version] =
    parseModel({ id: 5, modelVersions: [{ id: 6, files: [file, { ...file }, { id: 7, name: "b.pt" }] }] })
      .versions;
  assertEquals(version?.files.map(({ name }) => name), ["a.pt"]);
  assertEquals(version?.unreadable?.map(({ name, reason }) => `${name}: ${reason}`), [
    'file #3 ("b.pt", id 7) of version 6: an earlier entry has the same id 7',
  ]);
});

/** `1` nested in a number of objects. */
function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = { a: value };
  return value;
}

Deno.test("parseModel() skips and names only the image whose data is nested too deep", () => {
  const image = (id: number, levels: number) => ({ id, url: "https://image.example/1.jpeg", meta: nested(levels) });
  const images = [image(1, 100), image(2, 3000), image(3, 100_000)];
  const model = parseModel({ id: 5, modelVersions: [{ id: 6, images }, { id: 7, stats: nested(5000) }] });
  assertEquals(model.versions.map(({ id, images }) => [id, images.map(({ id }) => id)]), [[6, [1]]]);
  assertEquals(model.versions[0]?.unreadable?.map(({ reason }) => reason), [
    '"meta" is nested deeper than 200 levels',
    '"meta" is nested deeper than 200 levels',
  ]);
  assertEquals(model.unreadable?.map(({ name, reason }) => [name, reason]), [
    ["version #2 (id 7) of model 5", '"stats" is nested deeper than 200 levels'],
  ]);
  assertThrows(() => parseModel({ id: 5, stats: nested(5000) }), SyntaxError, "nested deeper");
});

Deno.test("parseModel() truncates overlong names and shows no terminal sequence of an entry", () => {
  const model = parseModel({
    id: 5,
    name: "x".repeat(10_000_000),
    tags: ["t".repeat(5000)],
    description: "d".repeat(5000),
  });
  assertEquals([model.name.length, model.tags[0]?.length, model.description?.length], [1000, 1000, 5000]);
  const file = { id: 7, name: `${"f".repeat(5000)}.safetensors` };
  const [version] = parseModel({ id: 5, modelVersions: [{ id: 6, files: [file] }] }).versions;
  assertEquals(version?.files[0]?.name.endsWith("ff.safetensors"), true);
  const page = parseModelPage({ items: [{ id: "\u001b[2Jgo\u202ene\u0000", name: `${"n".repeat(60)}` }] });
  assertEquals(page.unreadable?.map(({ name, reason }) => [name, reason]), [
    [`model #1 ("${"n".repeat(39)}…", id "gone")`, '"id" is "gone"'],
  ]);
});

Deno.test("parseModel() treats keys of Object.prototype as data", () => {
  const text = '{"id":5,"name":"a","__proto__":{"mode":"Archived"},"modelVersions":[{"id":6,' +
    '"__proto__":{"usageControl":"Generation"},"images":[{"id":1,"url":"https://image.example/u","nsfwLevel":"__proto__"},' +
    '{"id":2,"url":"https://image.example/u","nsfwLevel":"constructor"}]}]}';
  const model = parseModel(JSON.parse(text));
  const [version] = model.versions;
  assertEquals([model.mode, version?.usageControl], [null, "Download"]);
  assertEquals(version?.images.map(({ nsfwLevel }) => nsfwLevel), [0, 0]);
  assertEquals([Object.hasOwn(model.raw, "__proto__"), Object.getPrototypeOf(model.raw)], [true, Object.prototype]);
});

Deno.test("parseModel() compares versions with one id in linear time", async () => {
  const description = "x".repeat(1 << 20);
  const first = JSON.stringify({ id: 5, name: "a", description });
  await assertLinearTime(
    (text) => parseModel(JSON.parse(`{"id":1,"modelVersions":[${first}${text}]}`)),
    ',{"id":5,"name":"b"}',
    { name: "parseModel()", maxLength: 1 << 15, msPerKib: 5 },
  );
});
