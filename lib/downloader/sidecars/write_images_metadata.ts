import { wrapFailure } from "../../failsafe/mod.ts";
import { type Catalog, imagesMetadata, parseImageFolder, resolveInside, writeSidecar } from "../../library/mod.ts";
import { readImageFacts } from "../plan/image_facts.ts";

/**
 * Write `images_metadata.json` next to the images posted by Civitai users: one entry per image. Manual edits to the
 * file are kept.
 *
 * @param library Root and catalog
 * @param options `runId`: only folders that contain images of this run; without it, all folders. `durable`: whether each
 * file is flushed before it gets its name; true if absent
 * @throws {FailureError} `disk` with the path of a file that cannot be written
 *
 * @example
 * ```ts
 * import { type Library, writeImagesMetadata } from "@civitai-dl/civitai-dl/downloader";
 *
 * async function describeImages(library: Library, runId: number): Promise<void> {
 *   await writeImagesMetadata(library, { runId });
 *   for (const item of library.catalog.items({ runId, kinds: ["image"] })) console.log(item.path);
 * }
 * ```
 */
export async function writeImagesMetadata(
  library: { readonly root: string; readonly catalog: Catalog },
  options: { readonly runId?: number | undefined; readonly durable?: boolean | undefined } = {},
): Promise<void> {
  const { durable = true, ...chosen } = options;
  const { root, catalog } = library;
  const folders = new Set<string>();
  for (const item of catalog.items({ ...chosen, kinds: ["image"], states: ["done"] })) {
    // With more than a few thousand images, a user's folder is split into numbered subfolders; the metadata file stays
    // in the user's folder.
    folders.add(parseImageFolder(item.path));
  }
  for (const folder of folders) {
    const items = catalog.imagesIn(folder).filter((item) =>
      item.state === "done" && item.path.startsWith(`${folder}/`)
    );
    // If the images are unchanged since the last time, the file need not be read.
    const state = `${items.length}:${items.reduce((latest, item) => Math.max(latest, item.doneAt ?? 0), 0)}`;
    if (catalog.note(`images:${folder}`) === state) continue;
    const entries = items.flatMap((item) => {
      const facts = readImageFacts(catalog, item.imageId);
      return facts === null ? [] : [{ ...facts, url: item.source ?? "", file: item.path.slice(folder.length + 1) }];
    });
    const path = `${folder}/images_metadata.json`;
    const file = await resolveInside(root, path);
    const previous = catalog.sidecarMemory(path);
    const merge = await writeSidecar(file, imagesMetadata(entries), { previous, sync: durable }).catch((error) => {
      throw wrapFailure(error, `Cannot write "${path}"`);
    });
    catalog.rememberSidecar(path, merge.memory);
    catalog.setNote(`images:${folder}`, state);
  }
}
