import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { openPictures } from "../../../lib/app/pictures/open_pictures.ts";
import { stillPicture } from "../../../lib/sandbox/content/still_picture.ts";
import type { CatalogImage } from "../../../lib/sandbox/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { makeLibrary } from "../_library.ts";

const BYTES = stillPicture({ id: 1, width: 8, height: 8 } as CatalogImage, 8) as Uint8Array<ArrayBuffer>;

Deno.test("openPictures() keeps previews in the library, unless that is only read", async () => {
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => new Response(BYTES));
  const baseUrl = `http://127.0.0.1:${server.addr.port}`;
  for (const isReadOnly of [false, true]) {
    await inTempDir(async (root) => {
      using library = makeLibrary(root);
      const facts = { modelId: 1, name: "v", baseModel: "Pony", publishedAt: null };
      const images = [{ url: `${baseUrl}/key/uuid/width=450/5.jpeg` }];
      library.catalog.putVersion(2, { ...facts, json: { raw: { id: 2, images } } });
      const options = { root, catalog: () => library.catalog, baseUrl, isReadOnly, freeBytes: 0, versionOf: () => 2 };
      await using pictures = openPictures(options);
      const { signal } = new AbortController();
      const picture = await pictures.previews.get({ imageId: 5, versionId: null, width: 450 }, signal);
      assertEquals(picture?.bytes, BYTES);
      const path = join(root, ".civitai-dl", "previews", picture!.sha256.slice(0, 2), picture!.sha256);
      assertEquals(await Deno.stat(path).then(() => true, () => false), !isReadOnly);
    });
  }
});
