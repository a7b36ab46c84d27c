import { assert, assertEquals, assertExists, assertGreater, assertNotEquals, assertThrows } from "@std/assert";
import { settleCatalog } from "../../../lib/sandbox/_settle_catalog.ts";
import { Catalog, type CatalogOptions } from "../../../lib/sandbox/mod.ts";
import { PLACED_OUTCOMES } from "../../../lib/sandbox/catalog/outcome.ts";

const NOW = Date.UTC(2026, 0, 1);

function makeCatalog(options: CatalogOptions = {}): Catalog {
  return new Catalog(settleCatalog(options, NOW));
}

Deno.test("Catalog is the same for equal options, in any order of access", () => {
  const first = makeCatalog();
  const second = makeCatalog();
  const backwards = [...first.models()].map((model) => model.id).reverse().map((id) => second.model(id));
  assertEquals([...first.models()], backwards.reverse());
});

Deno.test("Catalog differs for another seed", () => {
  assertNotEquals([...makeCatalog({ seed: 1 }).files()], [...makeCatalog({ seed: 2 }).files()]);
});

Deno.test("Catalog has the requested size", () => {
  assertEquals([...makeCatalog({ size: "tiny" }).models()].length, 12);
  assertEquals([...makeCatalog({ size: "small" }).models()].length, 300);
  const catalog = makeCatalog({ size: { creators: 2, modelsPerCreator: 5 } });
  assertEquals([[...catalog.creators()].length, [...catalog.models()].length], [2, 10]);
});

Deno.test("Catalog finds everything by its id", () => {
  const catalog = makeCatalog();
  for (const model of catalog.models()) {
    assertEquals(catalog.model(model.id), model);
    for (const version of model.versions) {
      assertEquals(catalog.version(version.id), version);
      for (const file of version.files) assertEquals(catalog.file(file.id), file);
      for (const image of version.images) assertEquals(catalog.image(image.id), image);
    }
  }
});

Deno.test("Catalog returns null for unknown ids", () => {
  const catalog = makeCatalog();
  for (const id of [-1, 0, 1.5, 99_999, 100_012, NaN]) {
    assertEquals(catalog.model(id), null);
    assertEquals(catalog.file(id), null);
    assertEquals(catalog.image(id), null);
  }
  assertEquals(catalog.version(100_048), null);
});

Deno.test("Catalog finds a creator in any letter case, with a space for an underscore", () => {
  const catalog = makeCatalog();
  assertEquals(catalog.creatorByName("Plumb and_line")?.username, "plumb_and_line");
  assertEquals(catalog.creatorByName("BRAMBLEFORGE")?.index, 0);
  assertEquals(catalog.creatorByName("nobody"), null);
});

Deno.test("Catalog has a numeric creator name, and models without a creator", () => {
  const catalog = makeCatalog();
  assert([...catalog.creators()].some(({ username }) => /^\d+$/.test(username)));
  assert([...catalog.models()].some(({ creator }) => creator === null));
});

Deno.test("Catalog.modelsOf() returns only a creator's own models", () => {
  const catalog = makeCatalog();
  const creators = [...catalog.creators()];
  const owned = creators.flatMap((creator) => [...catalog.modelsOf(creator)]);
  assertEquals(owned, [...catalog.models()].filter(({ creator }) => creator !== null));
});

Deno.test("Catalog has every outcome if it is large enough", () => {
  const catalog = makeCatalog({ size: "small" });
  const outcomes = new Set([...catalog.files()].map(({ outcome }) => outcome));
  const expected = PLACED_OUTCOMES.filter((outcome) => outcome !== "staleHash");
  assertEquals(expected.filter((outcome) => !outcomes.has(outcome)), []);
  assertEquals([outcomes.has("ok"), outcomes.has("login"), outcomes.has("staleHash")], [true, true, false]);
});

Deno.test("Catalog has exactly the configured share of an outcome", () => {
  const catalog = makeCatalog({ size: "small", outcomes: { archived: 0.1, noAccess: 0.5 } });
  const firsts = [...catalog.models()].map((model) => model.versions[0]!.outcome);
  assertEquals(firsts.filter((outcome) => outcome === "archived").length, 30);
  assertEquals(firsts.filter((outcome) => outcome === "noAccess").length, 150);
});

Deno.test("Catalog without outcomes, logins and nasty names has only plain files", () => {
  const catalog = makeCatalog({ size: "small", outcomes: {}, requireLogin: 0, nastyNames: 0 });
  for (const file of catalog.files()) {
    assertEquals(file.outcome, "ok");
    assert(/^[A-Za-z0-9_-]+\.[a-z]+$/.test(file.name), file.name);
  }
});

Deno.test("Catalog has nasty names, and names that differ only in case", () => {
  const catalog = makeCatalog({ size: "small" });
  const names = new Set([...catalog.models()].map(({ name }) => name));
  for (const name of ["CON", "..", "a/b", "trailing dots..."]) assert(names.has(name), name);
  assert([...names].some((name) => name.length === 300));
  assert([...names].some((name) => name !== name.toUpperCase() && names.has(name.toUpperCase())));
  assert([...catalog.files()].some(({ name }) => name.includes("../")));
});

Deno.test("Catalog has versions with two files of the same name", () => {
  const versions = [...makeCatalog({ size: "small" }).models()].flatMap((model) => model.versions);
  assert(versions.some(({ files }) => new Set(files.map(({ name }) => name)).size < files.length));
});

Deno.test("Catalog offers the VAE of another model with some checkpoints", () => {
  const catalog = makeCatalog({ size: "small" });
  const linking = [...catalog.models()].flatMap((model) => model.versions).filter((it) => it.linkedFile !== null);
  assertGreater(linking.length, 0);
  for (const version of linking) {
    assertEquals(version.linkedFile?.type, "VAE");
    assertNotEquals(version.linkedFile?.versionId, version.id);
  }
});

Deno.test("Catalog declares exact sizes of normal files", () => {
  const catalog = makeCatalog({ fileSizes: [20 * 1024 ** 3, 12_345] });
  const files = [...catalog.files()];
  for (const size of [20 * 1024 ** 3, 12_345]) {
    const file = files.find(({ sizeBytes }) => sizeBytes === size);
    assertExists(file);
    assert(["ok", "login"].includes(file.outcome));
  }
  assertThrows(
    () => makeCatalog({ fileSizes: new Array(13).fill(2000) }),
    RangeError,
    "models without a placed outcome",
  );
});

Deno.test("Catalog keeps sizes and counts within their ranges", () => {
  const fileBytes = { min: 2000, max: 9000 };
  const catalog = makeCatalog({ size: "small", fileBytes, filesPerVersion: { min: 2, max: 2 } });
  for (const file of catalog.files()) assert(file.sizeBytes >= 2000 && file.sizeBytes <= 9000);
  for (const model of catalog.models()) assert(model.versions.every(({ files }) => files.length === 2));
});
