import { assertEquals } from "@std/assert";
import { ImageSources } from "../../../lib/app/pictures/image_sources.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { makeLibrary } from "../_library.ts";

const URL_OF = (id: number) => `https://image.civitai.com/key/uuid/width=450/${id}.jpeg`;

Deno.test("ImageSources finds an image in the version that shows it, else in the items of the library", () =>
  inTempDir((folder) => {
    using library = makeLibrary(folder);
    const { catalog } = library;
    const images = [{ url: "javascript:alert(1)" }, { url: URL_OF(5) }, { url: URL_OF(6), type: "video" }, null];
    const facts = { modelId: 1, name: "v", baseModel: "Pony", publishedAt: null };
    catalog.putVersion(2, { ...facts, json: { raw: { id: 2, images } } });
    catalog.putVersion(3, { ...facts, json: "odd" });
    const bytes = new Uint8Array(4);
    library.add(bytes, {
      key: "gallery:2:7",
      kind: "gallery",
      path: "g/7.mp4",
      source: URL_OF(7).replace("jpeg", "mp4"),
    });
    library.add(bytes, { key: "preview:2:5", kind: "preview", path: "a.preview.jpeg", source: URL_OF(5) });
    library.add(bytes, { key: "image:8", kind: "image", path: "images/ann/8.jpeg", source: URL_OF(8) });
    const sources = new ImageSources({ catalog: () => catalog, versionOf: (imageId) => imageId === 5 ? 2 : null });
    const found = (imageId: number, versionId: number | null) => {
      const image = sources.find({ imageId, versionId });
      return image && [image.url, image.type];
    };
    assertEquals(found(5, null), [URL_OF(5), "image"]);
    assertEquals(found(6, 2), [URL_OF(6), "video"]);
    assertEquals(found(7, 2), [URL_OF(7).replace("jpeg", "mp4"), "video"]);
    assertEquals(found(8, null), [URL_OF(8), "image"]);
    assertEquals([found(6, null), found(6, 3), found(6, 4), found(9, 2)], [null, null, null, null]);
    const keys = (imageId: number, versionId: number | null) =>
      sources.items({ imageId, versionId }).map(({ key }) => key);
    assertEquals([keys(5, null), keys(7, 2), keys(8, null)], [["preview:2:5"], ["gallery:2:7"], ["image:8"]]);
    catalog.mark("image:8", { state: "failed", outcome: null, reason: null });
    assertEquals(keys(8, null), []);
  }));
