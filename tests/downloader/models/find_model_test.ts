import { assertEquals, assertThrows } from "@std/assert";
import { join, relative } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import { findModel, type Library } from "../../../lib/downloader/mod.ts";
import { keep, plannedFile, put, withLibrary } from "../../helpers/library/kept_library.ts";

const AUTO_V2 = "0123abcdef";

/** Three models, two of which have similar names, and a posted image. */
async function fill(library: Library): Promise<string> {
  const { catalog } = library;
  const named = [[1, "Lantern Fields"], [2, "Lantern Fields XL"], [3, "1234"]] as const;
  for (const [id, name] of named) {
    catalog.putModel(id, { name, type: "LORA", creator: "brambleforge", json: {} });
    catalog.putVersion(id * 10, { modelId: id, name: `v${id}`, baseModel: "Pony", publishedAt: null, json: {} });
  }
  const of = (id: number, path: string) => ({ modelId: id, versionId: id * 10, key: `file:${id * 10}:${id}`, path });
  const path = await keep(library, 1, new Uint8Array([1]), of(1, "models/glow.safetensors"));
  await keep(library, 2, new Uint8Array([2]), { ...of(2, "models/灯籠 XL.safetensors"), hashes: { AutoV2: AUTO_V2 } });
  catalog.plan(plannedFile(3, of(3, "models/three.safetensors")), 0);
  const image = { key: "image:9", kind: "image", modelId: null, versionId: null, fileId: null, imageId: 9 } as const;
  catalog.plan(plannedFile(9, { ...image, path: "images/9.png" }), 0);
  return path;
}

const cases: Record<string, readonly [word: string, modelId: number, versionId?: number, fileKey?: string]> = {
  "a bare id": ["2", 2],
  "model:ID": ["model:2", 2],
  "version:ID": ["version:20", 2, 20],
  "a URL": ["https://civitai.com/models/2/some-name?modelVersionId=20", 2, 20],
  "a URL without a scheme": ["civitai.red/models/1", 1],
  "an AIR": ["civitai:1@10", 1, 10],
  "a path as list shows it": ["models/灯籠 XL.safetensors", 2, 20, "file:20:2"],
  "a path of a sidecar": ["models/glow.civitai.info", 1, 10, "file:10:1"],
  "another hash of a file": [AUTO_V2, 2, 20, "file:20:2"],
  "the name of a model, although others contain it": ["lantern FIELDS", 1],
  "words of a name in any order": ["xl lantern", 2],
  "the name of a version": ["v3", 3],
  "a part of the name of a file": ["灯籠", 2],
  "a number that is no id, but a part of a name": ["123", 3],
};

for (const [name, [word, modelId, versionId = null, fileKey = null]] of Object.entries(cases)) {
  Deno.test(`findModel() finds ${name}`, () =>
    withLibrary(async (library) => {
      await fill(library);
      assertEquals(findModel(library, word), { type: "model", modelId, versionId, fileKey });
    }));
}

Deno.test("findModel() finds a file by any path that leads to it, and by its SHA-256", () =>
  withLibrary(async (library) => {
    const path = await fill(library);
    const link = await put(library, "link", "");
    await Deno.remove(link);
    await Deno.symlink(library.root, link);
    const { sha256 } = library.catalog.item("file:10:1")!;
    const words = [
      path,
      relative(Deno.cwd(), path),
      join(link, "models/glow.safetensors"),
      sha256!,
      `sha256:${sha256}`,
    ];
    const found = words.map((word) => findModel(library, word));
    assertEquals(found, words.map(() => ({ type: "model", modelId: 1, versionId: 10, fileKey: "file:10:1" })));
  }));

Deno.test("findModel() lists the models that a part of a name may mean", () =>
  withLibrary(async (library) => {
    await fill(library);
    const found = findModel(library, "lantern");
    const common = { type: "LORA", creator: "brambleforge", files: 1 };
    assertEquals(found, {
      type: "several",
      matches: [{ id: 1, name: "Lantern Fields", ...common }, { id: 2, name: "Lantern Fields XL", ...common }],
    });
  }));

const refusals: Record<string, readonly [word: string, code: string]> = {
  "a model that the library does not have": ["model:77", "failed"],
  "a version of another model": ["https://civitai.com/models/1?modelVersionId=20", "failed"],
  "a name that nothing has": ["no such name", "failed"],
  "an unknown hash": ["f".repeat(64), "failed"],
  "a path outside of the library": ["/etc/passwd", "failed"],
  "a path that leads out of it": ["../../etc/passwd", "failed"],
  "a creator": ["user:brambleforge", "usage"],
  "an image": ["image:9", "usage"],
  "a page of another site": ["https://example.com/models/1", "usage"],
  "a file that has no model": ["images/9.png", "failed"],
  "nothing but spaces": ["  ", "failed"],
};

for (const [name, [word, code]] of Object.entries(refusals)) {
  Deno.test(`findModel() refuses ${name}`, () =>
    withLibrary(async (library) => {
      await fill(library);
      assertEquals(assertThrows(() => findModel(library, word), KitError).code, code);
    }));
}
