import { assertEquals } from "@std/assert";
import { keepPrimary } from "../../../../lib/downloader/plan/choose/keep_primary.ts";
import type { Library } from "../../../../lib/downloader/mod.ts";
import { plannedFile, withLibrary } from "../../../helpers/library/kept_library.ts";
import { someFile, someVersion } from "../../_models.ts";

const files = [
  someFile(1, { primary: true }),
  someFile(2, { fp: "fp32" }),
  someFile(3, { type: "VAE" }),
];
const version = someVersion(1, { files });

function primaryWith(knownFileIds: readonly number[]): Promise<number | undefined> {
  const found = Promise.withResolvers<number | undefined>();
  const story = (library: Library): Promise<void> => {
    for (const id of knownFileIds) {
      const own = { key: `file:1:${id}`, versionId: 1, fileId: id, path: `models/${id}.safetensors` };
      library.catalog.plan(plannedFile(id, own), 0);
    }
    library.catalog.plan(plannedFile(2, { key: "file:9:2", versionId: 9, path: "other" }), 0);
    found.resolve(keepPrimary(library.catalog, version).files.find((file) => file.primary)?.id);
    return Promise.resolve();
  };
  return withLibrary(story).then(() => found.promise);
}

Deno.test("keepPrimary() follows the API for a new version", async () => assertEquals(await primaryWith([]), 1));

Deno.test("keepPrimary() keeps the primary file of an earlier run", async () =>
  assertEquals(await primaryWith([2]), 2));

Deno.test("keepPrimary() follows the API if both files are known", async () =>
  assertEquals(await primaryWith([1, 2]), 1));

Deno.test("keepPrimary() does not keep a file of another kind", async () => assertEquals(await primaryWith([3]), 1));
