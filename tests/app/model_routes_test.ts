import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { modelRoutes } from "../../lib/app/api/model_routes.ts";
import { libraryRoutes } from "../../lib/app/api/library_routes.ts";
import { cardsSchema, libraryAnswerSchema, libraryQuerySchema } from "../../lib/app/api/shapes/library.ts";
import { modelSchema } from "../../lib/app/api/shapes/model.ts";
import type { Route } from "../../lib/app/http/route.ts";
import type { ModelDocument } from "../../lib/downloader/mod.ts";
import { ViewIndex } from "../../lib/app/view/view_index.ts";
import { NO_IMAGES, withBench } from "../helpers/library/download_bench.ts";
import { keep, plannedFile, withLibrary } from "../helpers/library/kept_library.ts";

/** Call a route as the server does. */
async function ask(
  routes: readonly Route[],
  path: string,
  { params = {}, query = {} }: { readonly params?: Record<string, string>; readonly query?: unknown } = {},
): Promise<unknown> {
  const route = routes.find((route) => route.path === path)!;
  const input = { params, query: route.query?.parse(query) ?? {}, body: {}, header: () => null };
  return await route.handle({ ...input, signal: new AbortController().signal });
}

const MODEL = "/api/v1/models/{id}";
const FOLDER = "/api/v1/models/{id}/open-folder";

Deno.test("the routes of the library and its models answer as their schemas say", () =>
  withBench({ size: "tiny", imagesPerVersion: { min: 1, max: 2 } }, async (bench) => {
    await bench.download({ targets: bench.everything, choice: NO_IMAGES });
    const { root } = bench.library;
    await using view = await ViewIndex.open({ root });
    await view.refresh();
    const library = libraryAnswerSchema.parse(await ask(libraryRoutes(view), "/api/v1/library", { query: {} }));
    const ids = library.ids.join();
    const cards = cardsSchema.parse(await ask(libraryRoutes(view), "/api/v1/library/cards", { query: { ids } }));
    assertEquals(cards, library.cards);
    const routes = modelRoutes({ root, view, openFolder: null });
    for (const id of library.ids) {
      const model = await ask(routes, MODEL, { params: { id: String(id) } }) as ModelDocument;
      modelSchema.parse(model);
      assertEquals(model.url, `https://civitai.com/models/${id}`.replace("com", new URL(model.url).hostname.slice(8)));
      const files = model.versions.flatMap((version) => version.files);
      assert(files.some((file) => file.state === "done" && file.sha256?.length === 64 && file.hashes.SHA256));
      assert(model.versions.some((version) => version.pictures.length > 0));
      assertEquals((await Deno.stat(join(root, model.folder!))).isDirectory, true);
    }
  }));

Deno.test("the query of the library is refused with unknown fields and values", () => {
  for (const query of [{ x: "1" }, { sort: "size" }, { state: "gone" }, { maturity: "3" }, { q: "x".repeat(301) }]) {
    assertEquals(libraryQuerySchema.safeParse(query).success, false);
  }
  assertEquals(libraryQuerySchema.parse({ type: ["LORA", "VAE"], maturity: "4" }).sort, "-added");
});

Deno.test("a model is shown with what its record says, however hostile that is", () =>
  withLibrary(async (library) => {
    const { catalog, root } = library;
    const raw = { allowNoCredit: false, allowCommercialUse: "{Image,RentCivit}", allowDerivatives: true };
    const json = {
      description: "<script>x</script><p onclick=x>Hi</p>",
      tags: ["a\u001b[31m", 5],
      nsfwLevel: 24,
      nsfw: true,
      raw,
    };
    catalog.putModel(1, { name: "N\u0000ame\u202e", type: "LORA", creator: "ann", json });
    const image = {
      url: "https://image.civitai.com/a/b/original=true/77.jpeg",
      hash: "UEHLh[WB2yk8pyoJadR*.7kCMdnj",
      nsfwLevel: 8,
    };
    const meta = { prompt: "a cat", negativePrompt: "dog", steps: 20, nodes: { huge: 1 } };
    const images = [{ ...image, meta }, { url: "javascript:x" }, 5];
    catalog.putVersion(1, {
      modelId: 1,
      name: "v1",
      baseModel: "Pony",
      publishedAt: null,
      json: { raw: { images }, trainedWords: ["glow"] },
    });
    await keep(library, 1, new Uint8Array(100), { path: "ann/lora/m.bin" });
    catalog.plan(plannedFile(2, { versionId: 1, key: "file:1:2", path: "ann/lora/n.bin" }), 0);
    await using view = await ViewIndex.open({ root });
    const opened: string[] = [];
    const openFolder = (path: string) => Promise.resolve(void opened.push(path));
    const routes = modelRoutes({ root, view, openFolder });
    const model = await ask(routes, MODEL, { params: { id: "1" } }) as ModelDocument;
    modelSchema.parse(model);
    assertEquals(model.permissions, {
      credit: true,
      commercial: ["Image", "RentCivit"],
      derivatives: true,
      relicense: null,
    });
    assertEquals([model.url, model.level, model.tags], ["https://civitai.red/models/1", 24, ["a"]]);
    assertEquals([model.description, model.folder, model.bytes], [[{ tag: "p", children: ["Hi"] }], "ann/lora", 100]);
    const [version] = model.versions;
    assertEquals(version!.files.map(({ state }) => state), ["done", "planned"]);
    const [picture] = version!.pictures;
    assertEquals([version!.pictures.length, picture!.id, picture!.prompt, picture!.negative], [1, 77, "a cat", "dog"]);
    assertEquals([picture!.meta, picture!.level], [{ steps: "20" }, 8]);
    assertEquals(await ask(routes, FOLDER, { params: { id: "1" } }), { status: 204, body: null });
    assertEquals(opened, [join(root, "ann/lora")]);
    await assertRejects(() => ask(routes, MODEL, { params: { id: "9" } }), Error, "none with this id");
    await assertRejects(() => ask(routes, MODEL, { params: { id: "../1" } }), Error, "none with this id");
    const closed = modelRoutes({ root, view, openFolder: null });
    await assertRejects(() => ask(closed, FOLDER, { params: { id: "1" } }), Error, "not for this machine alone");
    catalog.setPath("file:1:1", "../../etc/m.bin");
    await assertRejects(() => ask(routes, FOLDER, { params: { id: "1" } }), Error, "leads out of the library");
    assertEquals(opened.length, 1);
  }));
