import { assert, assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { PreviewCache } from "../../../lib/app/pictures/preview_cache.ts";
import { stillPicture } from "../../../lib/sandbox/content/still_picture.ts";
import type { CatalogImage } from "../../../lib/sandbox/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const PREVIEWS = new URL("../../../lib/app/pictures/previews.ts", import.meta.url).href;
const CACHE = new URL("../../../lib/app/pictures/preview_cache.ts", import.meta.url).href;

Deno.test("PreviewCache has whole pictures, and takes more, after a process was killed while it fetched some", () =>
  inTempDir(async (folder) => {
    const pictureOf = (id: number) => stillPicture({ id, width: 64, height: 64 } as CatalogImage, 64);
    const enough = Promise.withResolvers<void>();
    let count = 0;
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
      if (++count === 40) enough.resolve();
      return new Response(pictureOf(Number(/(\d+)\.jpeg$/.exec(url)![1])) as Uint8Array<ArrayBuffer>);
    });
    const origin = `http://127.0.0.1:${server.addr.port}`;
    const code = `import { Previews } from ${JSON.stringify(PREVIEWS)};
      import { PreviewCache } from ${JSON.stringify(CACHE)};
      const cache = new PreviewCache({ folder: ${JSON.stringify(join(folder, "previews"))}, freeBytes: 0 });
      const find = ({ imageId }) => ({ url: "${origin}/key/uuid/original=true/" + imageId + ".jpeg", type: "image" });
      const previews = new Previews({ root: ${JSON.stringify(folder)}, cache, find, baseUrl: "${origin}" });
      const { signal } = new AbortController();
      const ids = Array.from({ length: 4000 }, (_, index) => index + 1);
      await Promise.all(ids.map((imageId) => previews.get({ imageId, versionId: null, width: 96 }, signal)));`;
    const file = join(folder, "fetch.ts");
    await Deno.writeTextFile(file, code);
    const config = new URL("../../../deno.json", import.meta.url).pathname;
    const args = ["run", "-q", "-A", "--no-check", "--config", config, file];
    const child = new Deno.Command(Deno.execPath(), { args, stdout: "null", stderr: "null" }).spawn();
    await enough.promise;
    child.kill("SIGKILL");
    await child.status;
    await using cache = new PreviewCache({ folder: join(folder, "previews"), freeBytes: 0 });
    let found = 0;
    for (let imageId = 1; imageId <= 4000; imageId++) {
      const picture = await cache.find({ imageId, width: 96 });
      if (picture === null) continue;
      found++;
      assertEquals(picture.bytes, pictureOf(imageId) as Uint8Array<ArrayBuffer>);
    }
    assert(found >= 20, `${found} previews were kept`);
    const bytes = pictureOf(5000) as Uint8Array<ArrayBuffer>;
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    await cache.keep({ imageId: 5000, width: 96 }, { bytes, sha256, format: "png" });
    assertEquals((await cache.find({ imageId: 5000, width: 96 }))?.bytes, bytes);
  }));
