import { KitError, statOrNull } from "../../base/mod.ts";
import { type DescribedImage, describedImages, hashFile, inspectPicture, resolveInside } from "../../library/mod.ts";
import type { Library } from "../open_library.ts";

/**
 * Add rows to the catalog for posted images that `images_metadata.json` describes and that are complete on disk.
 *
 * @returns The number of images
 */
export async function restoreImages(
  library: Library,
  options: { readonly runId: number; readonly signal?: AbortSignal | undefined },
): Promise<number> {
  const { signal } = options;
  let restored = 0;
  for await (const image of describedImages(library.root)) {
    signal?.throwIfAborted();
    if (await restoreImage(library, image, options)) restored++;
  }
  return restored;
}

async function restoreImage(
  library: Library,
  image: DescribedImage,
  options: { readonly runId: number; readonly signal?: AbortSignal | undefined },
): Promise<boolean> {
  const { root, catalog } = library;
  const { runId, signal } = options;
  const { id, path, url, facts } = image;
  const key = `image:${id}`;
  if (catalog.item(key) !== null || catalog.itemByPath(path) !== null) return false;
  const full = await pathToRead(root, path);
  const info = full === null ? null : await statOrNull(full);
  if (full === null || !info?.isFile || (await inspectPicture(full)).problem !== null) return false;
  const { sha256, blocks, sizeBytes: actualBytes } = await hashFile(full, { signal });
  const { username } = facts;
  catalog.transaction(() => {
    const noModel = { modelId: null, versionId: null, fileId: null, sizeBytes: null, hashes: {} };
    const creator = typeof username === "string" ? username : null;
    catalog.plan({ key, kind: "image", ...noModel, imageId: id, creator, path, source: url }, runId);
    catalog.setNote(key, JSON.stringify(facts));
    const mtimeMs = info.mtime?.getTime() ?? 0;
    catalog.markDone(key, { sha256, blocks, actualBytes, mtimeMs, etag: null, outcome: "already there" });
  });
  return true;
}

/** Resolve a path for reading; `null` if it leads out of the library, or through another user's link. */
async function pathToRead(root: string, path: string): Promise<string | null> {
  try {
    return await resolveInside(root, path, { access: "read" });
  } catch (error) {
    if (error instanceof KitError) return null;
    throw error;
  }
}
