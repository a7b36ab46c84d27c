import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { pictureRoutes } from "../../../lib/app/api/picture_routes.ts";
import { serveRoutes } from "../../../lib/app/http/serve_routes.ts";
import type { Picture } from "../../../lib/app/pictures/preview_cache.ts";
import type { WantedPreview } from "../../../lib/app/pictures/previews.ts";
import { StreamSlots } from "../../../lib/app/pictures/stream_slots.ts";
import { imageBytes } from "../../../lib/sandbox/content/image_bytes.ts";
import { stillPicture } from "../../../lib/sandbox/content/still_picture.ts";
import type { CatalogImage } from "../../../lib/sandbox/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { idOf, makeLibrary, type SmallLibrary } from "../_library.ts";

const IMAGE = { id: 5, width: 8, height: 8, sizeBytes: 3000 } as CatalogImage;
const PNG = stillPicture(IMAGE, 8) as Uint8Array<ArrayBuffer>;
const JPEG = imageBytes({ ...IMAGE, encoding: "jpeg" });
const MP4 = imageBytes({ ...IMAGE, encoding: "mp4" });
const SHA256 = createHash("sha256").update(PNG).digest("hex");

interface Served {
  readonly library: SmallLibrary;
  readonly url: (path: string) => string;
  /** The previews that were asked for. */
  readonly asked: WantedPreview[];
}

/** Run a test with a real server for a library, whose previews are these. */
async function serving(
  test: (served: Served) => Promise<void>,
  options: { readonly picture?: Picture | null; readonly itemsOfImage?: readonly string[] } = {},
): Promise<void> {
  const { picture = { bytes: PNG, format: "png", sha256: SHA256 }, itemsOfImage = [] } = options;
  await inTempDir(async (folder) => {
    using library = makeLibrary(join(folder, "library"));
    const asked: Served["asked"] = [];
    const routes = pictureRoutes({
      root: library.root,
      catalog: () => library.catalog,
      images: { items: () => itemsOfImage.map((key) => library.catalog.item(key)).filter((one) => one !== null) },
      previews: {
        get(preview) {
          asked.push(preview);
          return Promise.resolve(picture);
        },
      },
      slots: new StreamSlots(16),
    });
    await using server = await serveRoutes({ listen: "127.0.0.1:0", routes });
    await test({ library, asked, url: (path) => `${server.url}previews/${path}` });
  });
}

async function ask(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers });
  return { status: response.status, headers: response.headers, body: new Uint8Array(await response.arrayBuffer()) };
}

Deno.test("GET /previews/ID answers with the whole picture, for as long as the client keeps it", () =>
  serving(async ({ url, asked }) => {
    for (const width of ["96", "320", "450", "original"]) {
      const { status, headers, body } = await ask(url(`5?width=${width}`), { range: "bytes=0-3" });
      assertEquals([status, body], [200, PNG]);
      assertEquals(headers.get("content-type"), "image/png");
      assertEquals(headers.get("cache-control"), "public, max-age=31536000, immutable");
      assertEquals(headers.get("etag"), `"${SHA256}"`);
      assertEquals(headers.get("x-content-type-options"), "nosniff");
    }
    assertEquals((await ask(url("5"))).status, 200);
    assertEquals(asked.map(({ width }) => width), [96, 320, 450, 0, 450]);
    assertEquals((await ask(url("6/5"))).status, 200);
    assertEquals(asked.at(-1), { imageId: 5, versionId: 6, width: 450 });
    assertEquals((await ask(url("5"), { "if-none-match": `"${SHA256}"` })).status, 304);
  }));

Deno.test("GET /previews/… refuses other widths and other paths", () =>
  serving(async ({ url, asked }) => {
    for (const query of ["width=451", "width=", "width=96&width=450", "width=-1"]) {
      assertEquals((await ask(url(`5?${query}`))).status, 400, query);
    }
    const paths = [
      "0",
      "-1",
      "1e3",
      "local",
      "local/",
      "local/x",
      "..%2fcatalog.db",
      "local/..%2f1",
      "9".repeat(20),
      "5/6/7",
    ];
    for (const path of paths) assertEquals((await ask(url(path))).status, 404, path);
    assertEquals(asked, []);
  }));

Deno.test("GET /previews/local/ID answers with a picture as it is on disk, whole", () =>
  serving(async ({ library, url }) => {
    const sha256 = library.add(JPEG, { key: "preview:1:5", kind: "preview", path: "models/a.preview.png" });
    const { status, headers, body } = await ask(url(`local/${idOf(library.catalog, "preview:1:5")}`), {
      range: "bytes=0-3",
    });
    assertEquals([status, headers.get("content-type"), body], [200, "image/jpeg", JPEG]);
    assertEquals([headers.get("etag"), headers.get("accept-ranges")], [`"${sha256}"`, "none"]);
  }));

Deno.test("GET /previews/local/ID answers with ranges of a video", () =>
  serving(async ({ library, url }) => {
    library.add(MP4, { key: "gallery:1:5", kind: "gallery", path: "models/Gallery/5.mp4" });
    const path = url(`local/${idOf(library.catalog, "gallery:1:5")}`);
    const { status, headers, body } = await ask(path, { range: "bytes=100-199" });
    assertEquals([status, headers.get("content-type"), body], [206, "video/mp4", MP4.slice(100, 200)]);
    assertEquals((await ask(path)).body, MP4);
  }));

Deno.test("GET /previews/local/ID serves no model, no page, and nothing that was changed", () =>
  serving(async ({ library, url }) => {
    const page = new TextEncoder().encode("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>");
    library.add(PNG, { key: "file:1:2", path: "models/a.safetensors" });
    library.add(page, { key: "preview:1:5", kind: "preview", path: "models/a.preview.png" });
    library.add(PNG, { key: "preview:1:6", kind: "preview", path: "models/b.preview.png" });
    library.add(PNG, { key: "preview:1:7", kind: "preview", path: "models/c.preview.png" });
    await Deno.writeFile(join(library.root, "models/b.preview.png"), JPEG);
    library.catalog.mark("preview:1:7", { state: "planned", outcome: null, reason: null });
    const status = async (key: string) => (await ask(url(`local/${idOf(library.catalog, key)}`))).status;
    assertEquals(await status("file:1:2"), 404);
    assertEquals(await status("preview:1:5"), 404);
    assertEquals(await status("preview:1:6"), 409);
    assertEquals((await ask(url("local/999999"))).status, 404);
  }));

Deno.test("GET /previews/ID answers with a local picture for a while when there is no preview", () =>
  serving(async ({ library, url }) => {
    assertEquals((await ask(url("5"))).status, 404);
    library.add(MP4, { key: "gallery:1:5", kind: "gallery", path: "models/Gallery/5.mp4" });
    assertEquals((await ask(url("5"))).status, 404);
    library.add(JPEG, { key: "preview:1:5", kind: "preview", path: "models/a.preview.jpeg" });
    const { status, headers, body } = await ask(url("5"));
    assertEquals([status, headers.get("cache-control"), body], [200, "private, max-age=60", JPEG]);
    await Deno.remove(join(library.root, "models/a.preview.jpeg"));
    assertEquals((await ask(url("5"))).status, 404);
  }, { picture: null, itemsOfImage: ["gallery:1:5", "preview:1:5"] }));
