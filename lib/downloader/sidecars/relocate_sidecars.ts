import { join } from "node:path";
import { type CatalogItem, METADATA_FACTS, planSidecar, sidecarPath } from "../../library/mod.ts";
import { statSyncOrNull, writeAtomic } from "../../base/mod.ts";
import { wrapFailure } from "../../failsafe/mod.ts";
import type { Library } from "../open_library.ts";
import { isUntouched } from "../plan/plan_item.ts";
import { describeFile } from "./write_item_sidecars.ts";

/** Name of the note with the folder that the paths in sidecars begin with. */
const NOTE = "library-root";

/**
 * Correct the absolute paths in the `.metadata.json` of a library that was moved or rebuilt. Nothing is read while the
 * library stays where its sidecars were written.
 *
 * @param library Root and catalog; both may be written to
 * @param options `durable`: whether each file is flushed before it gets its name; true if absent
 * @throws {FailureError} `disk` with the path of a file that cannot be written
 */
export async function relocateSidecars(
  library: Library,
  options: { readonly durable?: boolean | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const { root, catalog } = library;
  if (catalog.note(NOTE) === root) return;
  for (const item of catalog.items({ kinds: ["file"], states: ["done"] })) {
    options.signal?.throwIfAborted();
    const path = sidecarPath(item.path, ".metadata.json");
    if (statSyncOrNull(join(root, path)) === null || !isUntouched({ library }, item)) continue;
    await relocate(library, { item, path, durable: options.durable ?? true });
  }
  catalog.setNote(NOTE, root);
}

async function relocate(
  library: Library,
  { item, path, durable }: { readonly item: CatalogItem; readonly path: string; readonly durable: boolean },
): Promise<void> {
  const { root, catalog } = library;
  const content = describeFile(library, item);
  if (content === null) return;
  try {
    const previous = catalog.sidecarMemory(path);
    const merge = planSidecar(join(root, path), content, { previous, facts: METADATA_FACTS });
    if (merge.content === null) return;
    await writeAtomic(join(root, path), merge.content, { sync: durable });
    catalog.rememberSidecar(path, merge.memory);
  } catch (error) {
    throw wrapFailure(error, `Cannot write "${path}"`);
  }
}
