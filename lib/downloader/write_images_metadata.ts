import type { ImageItem } from "../civitai/mod.ts";
import { type Catalog, imagesMetadata, parseSidecarMemory, resolveInside, writeSidecar } from "../library/mod.ts";

/**
 * Write `images_metadata.json` beside the images that users posted: one entry an image, the user's own edits kept.
 *
 * @param library Root and catalog
 * @param options Only the images of this run
 */
export async function writeImagesMetadata(
  library: { readonly root: string; readonly catalog: Catalog },
  options: { readonly runId?: number | undefined } = {},
): Promise<void> {
  const { root, catalog } = library;
  const creators = new Set<string>();
  for (const item of catalog.items({ ...options, kinds: ["image"], states: ["done"] })) {
    creators.add(item.creator ?? "");
  }
  for (const creator of creators) {
    const filter = { kinds: ["image"], states: ["done"], ...(creator === "" ? {} : { creator }) } as const;
    const items = [...catalog.items(filter)].filter((item) => (item.creator ?? "") === creator);
    const first = items[0];
    if (first === undefined) continue;
    // Unchanged images need no look at the file.
    const state = `${items.length}:${items.reduce((latest, item) => Math.max(latest, item.doneAt ?? 0), 0)}`;
    if (catalog.recall(`images:${creator}`) === state) continue;
    // Beyond some thousands, images are in numbered folders below the user's.
    const [top, user] = first.path.split("/");
    const folder = `${top}/${user}`;
    const entries = items.map((item) => ({ item, facts: catalog.recall(`image:${item.imageId}`) }))
      .filter((entry) => entry.facts !== null)
      .map(({ item, facts }) => ({
        ...JSON.parse(facts!) as Omit<ImageItem, "url">,
        url: item.source ?? "",
        file: item.path.slice(folder.length + 1),
      }));
    const path = `${folder}/images_metadata.json`;
    const memory = `sidecar:${path}`;
    const merge = await writeSidecar(await resolveInside(root, path), imagesMetadata(entries), {
      previous: parseSidecarMemory(catalog.recall(memory)),
    });
    catalog.remember(memory, JSON.stringify(merge.memory));
    catalog.remember(`images:${creator}`, state);
  }
}
