import { assertEquals } from "@std/assert";
import { verifyLibrary } from "../../../lib/downloader/mod.ts";
import { keep, put, withLibrary } from "../../helpers/library/kept_library.ts";
import { someBytes } from "../../helpers/servers/file_server.ts";

Deno.test("verifyLibrary() lists the sidecars whose model file is gone, and no others", () =>
  withLibrary(async (library) => {
    await keep(library, 1, someBytes(100), { path: "a/kept.safetensors" });
    await keep(library, 2, someBytes(100), { path: "a/flow.json" });
    for (
      const path of [
        ...["a/kept.civitai.info", "a/KEPT.metadata.json", "a/kept.json", "a/description.md", "a/kept.preview.png"],
        ...["a/flow.civitai.info", "a/notes.json", "b/images_metadata.json", "b/mine.yaml", "b/mine.civitai.info"],
        ...["b/gone.civitai.info", "b/gone.json", "b/gone.preview.png", "b/kept.metadata.json", "b/kept.txt"],
        ...["b/late.description.md", "b/late.safetensors.part"],
      ]
    ) await put(library, path, "{}");
    const { orphans, counts } = await verifyLibrary(library);
    assertEquals(orphans.paths.toSorted(), [
      "b/gone.civitai.info",
      "b/gone.json",
      "b/kept.metadata.json",
      "b/late.description.md",
    ]);
    assertEquals([orphans.count, orphans.bytes, counts.ok], [4, 8, 2]);
  }));
