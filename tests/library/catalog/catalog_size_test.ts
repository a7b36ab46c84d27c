import { assert } from "@std/assert";
import { join } from "node:path";
import { mergeSidecar, openCatalog } from "../../../lib/library/mod.ts";
import { plannedItem } from "../../helpers/library/facts.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const COUNT = 300;

/** A sidecar with the fields of most files. */
function sidecarOf(id: number): Readonly<Record<string, unknown>> {
  return {
    model_name: `Model ${id}`,
    sha256: `${id}`.padStart(64, "0"),
    civitai: { id, model: { name: `Model ${id}`, nsfw: false }, files: [{ id }], stats: { downloadCount: id } },
    tags: ["style"],
    ...Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`field_${index}`, id + index])),
    notes: "",
    own: { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 },
  };
}

Deno.test("openCatalog() needs at most 2 KiB per file for sidecars and paths of files with four sidecars each", () =>
  inTempDir((folder) => {
    const path = join(folder, "catalog.db");
    using catalog = openCatalog(path);
    catalog.transaction(() => {
      for (let id = 1; id <= COUNT; id++) {
        // Every third path has a letter that only JavaScript folds.
        const stem = `models/LORA/Ann_${id % 3 === 0 ? "ÄRGER" : "Style"} ${id}/File_${id}`;
        catalog.plan(plannedItem(id, { path: `${stem}.safetensors` }), 1);
        const { memory } = mergeSidecar(null, sidecarOf(id));
        for (const ending of [".json", ".civitai.info", ".metadata.json", ".md"]) {
          catalog.rememberSidecar(`${stem}${ending}`, memory);
        }
      }
    });
    catalog.endRun(catalog.startRun({ command: "download", engine: "stable", targets: [] }), null);
    assert(Deno.statSync(path).size / COUNT < 2048, `${Deno.statSync(path).size / COUNT} bytes a file`);
  }));
