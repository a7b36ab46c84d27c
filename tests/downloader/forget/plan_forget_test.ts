import { assertEquals, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { findForgettable, type ForgetPlan, type Library, planForget } from "../../../lib/downloader/mod.ts";
import { keep, plannedFile, put, withLibrary } from "../../helpers/library/kept_library.ts";

const BYTES = new Uint8Array(3);

function plan(library: Library, ...words: readonly string[]): Promise<ForgetPlan> {
  return planForget(library, words.flatMap((word) => findForgettable(library, word)));
}

function pathsOf({ files }: ForgetPlan): readonly string[] {
  return files.map(({ path }) => path).toSorted();
}

Deno.test("planForget() takes sidecars, pictures and parts of a file along, and nothing of its neighbours", () =>
  withLibrary(async (library) => {
    await keep(library, 1, BYTES, { path: "m/x.safetensors" });
    await keep(library, 2, BYTES, { path: "m/x.2.safetensors", modelId: 2 });
    const own = [
      ".civitai.info",
      ".json",
      ".metadata.json",
      ".png",
      ".preview.2.jpeg",
      ".preview.png",
      ".description.md",
    ];
    for (const ending of own) await put(library, `m/x${ending}`, "1");
    for (const part of ["x.safetensors.part", "x.safetensors.part.json"]) await put(library, `m/${part}`, "1");
    for (const name of ["x.2.json", "x.2.png", "x.txt", "xy.json", "description.md"]) {
      await put(library, `m/${name}`, "2");
    }
    const expected = [...own, ".safetensors", ".safetensors.part", ".safetensors.part.json"].map((end) => `m/x${end}`);
    assertEquals(pathsOf(await plan(library, "model:1")), expected.toSorted());
    const both = pathsOf(await plan(library, "model:1", "model:2"));
    assertEquals(both, [...expected, "m/x.2.json", "m/x.2.png", "m/x.2.safetensors", "m/description.md"].toSorted());
  }));

Deno.test("planForget() leaves the sidecars that another file shares", () =>
  withLibrary(async (library) => {
    await keep(library, 1, BYTES, { path: "m/x.safetensors" });
    await keep(library, 2, BYTES, { path: "m/x.ckpt" });
    await put(library, "m/x.civitai.info", "{}");
    assertEquals(pathsOf(await plan(library, "m/x.ckpt")), ["m/x.ckpt"]);
    assertEquals(pathsOf(await plan(library, "version:1", "version:2")), [
      "m/x.civitai.info",
      "m/x.ckpt",
      "m/x.safetensors",
    ]);
  }));

Deno.test("planForget() takes images_metadata.json along with the last image of a creator", () =>
  withLibrary(async (library) => {
    const image = (id: number) => ({
      key: `image:${id}`,
      kind: "image" as const,
      modelId: null,
      versionId: null,
      fileId: null,
      imageId: id,
    });
    for (const id of [1, 2]) {
      const item = { ...plannedFile(id), ...image(id), path: `images/ann/${id}.png`, creator: "ann" };
      await put(library, item.path, "png");
      library.catalog.plan(item, 0);
      const { size, mtime } = await Deno.stat(`${library.root}/${item.path}`);
      const facts = { sha256: null, actualBytes: size, mtimeMs: mtime!.getTime(), etag: null, outcome: null };
      library.catalog.markDone(item.key, facts);
      library.catalog.setNote(item.key, JSON.stringify({ postId: id + 10 }));
    }
    await put(library, "images/ann/images_metadata.json", "[]");
    assertEquals(pathsOf(await plan(library, "image:1")), ["images/ann/1.png"]);
    assertEquals(pathsOf(await plan(library, "post:12")), ["images/ann/2.png"]);
    const all = ["images/ann/1.png", "images/ann/2.png", "images/ann/images_metadata.json"];
    assertEquals(pathsOf(await plan(library, "user:ANN/images")), all);
    assertEquals(pathsOf(await plan(library, "user:ann/models")), []);
  }));

Deno.test("planForget() marks what the library does not have, and plans nothing twice", () =>
  withLibrary(async (library) => {
    const { change, targets } = await plan(
      library,
      "model:7",
      "model:7",
      "https://civitai.com/models/8?modelVersionId=9",
    );
    assertEquals(change.operations, [
      { kind: "mark", target: "model:7", name: null },
      { kind: "mark", target: "version:9", name: null },
    ]);
    assertEquals([change.id, change.title, targets.length], [1, "forget model:7, version:9", 2]);
  }));

Deno.test("findForgettable() refuses a word that is neither a target nor a file, and a hash that no file has", () =>
  withLibrary((library) => {
    for (const word of ["no/such.bin", "https://example.com/x", "", "..", "../x.bin"]) {
      assertThrows(() => findForgettable(library, word), KitError, "Cannot use");
    }
    assertThrows(() => findForgettable(library, "a".repeat(64)), KitError, "the library has no file with it");
    return Promise.resolve();
  }));
