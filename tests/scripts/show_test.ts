import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { MemoryIo, textWidth } from "../../lib/cli/mod.ts";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { noteRemoval } from "../../lib/downloader/plan/removal_notes.ts";
import { call } from "../helpers/call.ts";
import { keep } from "../helpers/library/kept_library.ts";
import { runProgram } from "../helpers/run_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const PROMPT = "a lantern in a field,\nby night ".repeat(30);

/** Run a story in a library with a model of two versions, one of which is here, and a model of the same name. */
async function withLanterns(story: (root: string) => Promise<void>): Promise<void> {
  await inTempDir(async (root) => {
    {
      using library = await openLibrary(root, { command: "test" });
      const { catalog } = library;
      const raw = { allowNoCredit: false, allowCommercialUse: ["Image"], allowDerivatives: false };
      const json = { tags: ["style", "lantern\u001b[31m"], raw };
      for (const id of [1, 2]) {
        catalog.putModel(id, { name: `Lantern ${id}`, type: "LORA", creator: "brambleforge", json });
      }
      const url = "https://image.civitai.com/a/b/original=true/77.jpeg";
      const images = [{ url, meta: { prompt: PROMPT } }, {
        url: url.replace("77", "78"),
        meta: { prompt: "short one" },
      }];
      const files = [{ id: 11, name: "glow.safetensors", type: "Model", sizeKB: 1 }];
      const version = { modelId: 1, baseModel: "Pony" };
      const v1 = { raw: { images, files }, trainedWords: ["glowing", "lantern"] };
      catalog.putVersion(10, { ...version, name: "v1", publishedAt: "2025-01-02T03:04:05.000Z", json: v1 });
      catalog.putVersion(20, { ...version, name: "v2", publishedAt: "2025-02-02T03:04:05.000Z", json: {} });
      const of = (id: number) => ({
        modelId: id,
        versionId: id * 10,
        fileId: id + 10,
        key: `file:${id * 10}:${id + 10}`,
      });
      await keep(library, 1, new Uint8Array(2048), { ...of(1), path: "models/lanterns/glow.safetensors" });
      await keep(library, 2, new Uint8Array(2048), { ...of(2), versionId: 30, path: "models/other.safetensors" });
      noteRemoval(catalog, { type: "model", modelId: 1 }, Date.UTC(2025, 2, 3));
    }
    await story(root);
  });
}

Deno.test("show says what a model is, where it lies, and what of it is here", () =>
  withLanterns(async (root) => {
    const { code, out, err } = await call(["show", "model:1", "-o", root]);
    assertEquals([code, err], [0, ""]);
    const lines = [
      "Lantern 1 (LORA by brambleforge)",
      "  model       model:1",
      "  page        https://civitai.com/models/1",
      "  removed     on Civitai, found on 2025-03-03; what the library has is kept",
      "  base model  Pony",
      "  tags        style, lantern",
      "  licence     credit required; commercial use: Image; merges may not be shared",
      "  versions    1 in the library, 2 known",
      "  on disk     1 file, 2.0 KiB",
      `  folder      ${join(root, "models/lanterns")}`,
      "v2, version:20, Pony, published 2025-02-02, not in the library",
      "v1, version:10, Pony, published 2025-01-02",
      "  trigger     glowing, lantern",
      "  prompt      short one",
      "  glow.safetensors: done (removed, kept)",
      "    file        Model, 2.0 KiB, file 11",
      `    path        ${join(root, "models/lanterns/glow.safetensors")}`,
      "    sha256      e5a00aa9991ac8a5ee3109844d84a55583bd20572ad3ffcd42792f3c36b183ad",
    ];
    for (const line of lines) assertStringIncludes(out, `${line}\n`);
    assert(!out.includes("\u001b"));
  }));

Deno.test("show names one version whole, and the others by their heads", () =>
  withLanterns(async (root) => {
    const { out } = await call(["show", "version:20", "-o", root]);
    assertStringIncludes(out, "v2, version:20, Pony, published 2025-02-02, not in the library\n  page ");
    assert(!out.includes("glow.safetensors"));
  }));

Deno.test("show fits into a narrow terminal, except for what is copied whole", () =>
  withLanterns(async (root) => {
    const io = new MemoryIo({ terminal: true, width: 60 });
    await call(["show", "model:1", "-o", root], { io });
    const wide = io.out.split("\n").filter((line) => textWidth(line) > 60);
    assertEquals(wide.filter((line) => !/^ +(?:folder|path|sha256|page) |version:/.test(line)), []);
  }));

Deno.test("show lists the models that a part of a name may mean, and fails", () =>
  withLanterns(async (root) => {
    const { code, out, err } = await call(["show", "lantern", "-o", root]);
    assertEquals(code, 1);
    assertEquals(out.split("\n").slice(0, 3), [
      "MODEL  FILES  TYPE  CREATOR       NAME",
      "    1      1  LORA  brambleforge  Lantern 1",
      "    2      1  LORA  brambleforge  Lantern 2",
    ]);
    assertStringIncludes(err, 'Cannot show "lantern": 2 models have that in their names');
    const { matches } = JSON.parse((await call(["show", "lantern", "-o", root, "--json"])).out);
    assertEquals(matches.map(({ id }: { id: number }) => id), [1, 2]);
  }));

Deno.test("show --json is the document of the page, with the library and what the target names", () =>
  withLanterns(async (root) => {
    const path = join(root, "models/lanterns/glow.safetensors");
    const place = { folder: root, env: {}, origins: [] };
    const { code, stdout, stderr } = await runProgram(["show", path, "-o", root, "--json"], place);
    assertEquals([code, stderr], [0, ""]);
    const shown = JSON.parse(stdout);
    const { library, versionId, fileKey, model } = shown;
    assertEquals([library, versionId, fileKey], [root, 10, "file:10:11"]);
    assertEquals([model.id, model.removedAt, model.folder], [1, "2025-03-03T00:00:00.000Z", "models/lanterns"]);
    assertEquals(model.versions.map(({ id, held }: { id: number; held: boolean }) => [id, held]), [[20, false], [
      10,
      true,
    ]]);
  }));
