import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import type { Client } from "../../../lib/civitai/mod.ts";
import { DEFAULT_CHOICE, planPostedImages } from "../../../lib/downloader/mod.ts";
import { writeImagesMetadata } from "../../../lib/downloader/sidecars/write_images_metadata.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { type Bench, withBench } from "../../helpers/library/download_bench.ts";
import { put } from "../../helpers/library/kept_library.ts";
import { someImage } from "../_models.ts";

/** Plan one image of each user, as a page of the API lists them. */
async function planOf(bench: Bench, users: readonly string[], firstId: number): Promise<readonly string[]> {
  const items = users.map((username, index) => someImage(firstId + index, { username }));
  async function* listImages() {
    yield await Promise.resolve({ items, unreadable: [] });
  }
  const client = { listImages } as unknown as Client;
  await planPostedImages(bench.planContext({ client, choice: DEFAULT_CHOICE }), { postId: 1 });
  const planned = [...bench.library.catalog.items({ kinds: ["image"] })];
  return planned.slice(-users.length).map((item) => item.path);
}

Deno.test("planPostedImages() keeps the spelling of a user's folder, and separates two users", () =>
  withBench({}, async (bench) => {
    assertEquals(await planOf(bench, ["Alice", "alice", "alice.", "ALICE"], 1), [
      "images/Alice/1.jpeg",
      "images/Alice/2.jpeg",
      "images/alice [2]/3.jpeg",
      "images/Alice/4.jpeg",
    ]);
    assertEquals(await planOf(bench, ["aLICE", "Alice."], 5), ["images/Alice/5.jpeg", "images/alice [2]/6.jpeg"]);
  }));

Deno.test("writeImagesMetadata() writes one list per folder, however its images were spelled", () =>
  withBench({}, async (bench) => {
    const { library } = bench;
    await planOf(bench, ["Alice", "alice", "alice."], 1);
    for (const item of library.catalog.items({ kinds: ["image"] })) {
      await put(library, item.path, "picture");
      library.catalog.markDone(item.key, { sha256: null, actualBytes: 7, mtimeMs: 1, etag: null, outcome: "done" });
    }
    await writeImagesMetadata(library);
    const idsIn = async (folder: string): Promise<readonly number[]> =>
      JSON.parse(await Deno.readTextFile(join(library.root, "images", folder, "images_metadata.json")))
        .map((entry: { readonly id: number }) => entry.id);
    assertEquals([await idsIn("Alice"), await idsIn("alice [2]")], [[2, 1], [3]]);
  }));

Deno.test("writeImagesMetadata() names the list that the disk does not take", () =>
  withBench({}, async (bench) => {
    const { library } = bench;
    const [path] = await planOf(bench, ["Alice"], 1);
    await put(library, path!, "picture");
    const { key } = library.catalog.items({ kinds: ["image"] }).next().value!;
    library.catalog.markDone(key, { sha256: null, actualBytes: 7, mtimeMs: 1, etag: null, outcome: "done" });
    // A folder has the path of the list.
    await Deno.mkdir(join(library.root, "images", "Alice", "images_metadata.json"));
    const message = 'Cannot write "images/Alice/images_metadata.json": the file system reported an error';
    const error = await assertRejects(() => writeImagesMetadata(library), FailureError, message);
    assertEquals([error.code, error.cause instanceof Deno.errors.IsADirectory], ["unsafe", true]);
  }));
