import { KitError } from "../../base/mod.ts";
import { type CatalogItem, quarantine, resolveInside } from "../../library/mod.ts";
import { badRanges } from "./_bad_ranges.ts";
import { brokenMark, forgetDamage } from "./broken_marks.ts";
import { checkItem, type Finding } from "./_check_item.ts";
import type { FetchContext } from "../fetch/fetch_context.ts";
import { fetchItem } from "../fetch/fetch_item.ts";
import { patchFile, removeCopy } from "./_patch_file.ts";

/** What was done about one broken item. */
export interface ItemRepair {
  /** `intact`: it was well after all; `patched`: by block; `fetched`: whole. */
  readonly how: "intact" | "patched" | "fetched";
  readonly fetchedBlocks: number;
  /** Where the broken file is now; `null` when it was not kept. */
  readonly aside: string | null;
}

/** Mend one item that was marked as broken; looks again first, since the mark may be old. */
export async function repairItem(context: FetchContext, item: CatalogItem): Promise<ItemRepair> {
  const { library, signal } = context;
  const path = await resolveInside(library.root, item.path);
  await removeCopy(path);
  const found = await checkItem(library, item, { deep: true, signal });
  switch (found.verdict) {
    case "ok":
    case "flagged":
      if (found.news !== null) library.catalog.markDone(item.key, found.news);
      forgetDamage(library.catalog, item);
      return { how: "intact", fetchedBlocks: 0, aside: null };
    case "unreadable":
      throw new KitError("failed", `Cannot repair "${item.path}": ${found.reason}`, {
        hint: "Make the file readable for this user, or move it away, and repair again",
      });
    case "unverified":
    case "missing":
    case "changed":
      // A file that is the user's own now stays; Civitai's goes beside it.
      return await fetchWhole(context, item);
    case "corrupt":
      return await repairCorrupt(context, { item, path, found });
  }
}

interface CorruptFile {
  readonly item: CatalogItem;
  readonly path: string;
  readonly found: Finding;
}

async function repairCorrupt(context: FetchContext, file: CorruptFile): Promise<ItemRepair> {
  const { item, path, found } = file;
  const { root, catalog } = context.library;
  if (isPatchable(context, file)) {
    const ranges = badRanges(found.badBlocks, item.actualBytes ?? 0);
    const patch = await patchFile(context, { item, path, badRanges: ranges });
    if (patch.isWhole) {
      forgetDamage(catalog, item);
      return { how: "patched", fetchedBlocks: found.badBlocks.length, aside: patch.aside };
    }
  }
  const aside = await quarantine(root, path);
  forgetDamage(catalog, item);
  catalog.mark(item.key, brokenMark("missing", `what was there is corrupt and was put aside as "${aside}"`));
  return { ...await fetchWhole(context, catalog.item(item.key)!), aside };
}

/**
 * By block only where the good blocks are worth keeping, and the hash at the end is the one that is still promised. What
 * was only added at the end is cut off again.
 */
function isPatchable(context: FetchContext, { item, found }: CorruptFile): boolean {
  const blocks = context.library.catalog.blocks(item.key);
  if (blocks === null || found.badBlocks.length >= blocks.length) return false;
  if (found.badBlocks.length === 0) return found.seen !== null && found.seen.sizeBytes > (item.actualBytes ?? Infinity);
  const isCurrent = item.hashes.SHA256 === undefined || item.hashes.SHA256.toLowerCase() === item.sha256;
  return item.kind === "file" && item.versionId !== null && item.fileId !== null && isCurrent;
}

async function fetchWhole(context: FetchContext, item: CatalogItem): Promise<ItemRepair> {
  await fetchItem(context, item);
  // Its sidecars may have gone with it: a later run looks after them.
  if (item.kind === "file") context.library.catalog.setSidecarDigest(item.key, null);
  return { how: "fetched", fetchedBlocks: 0, aside: null };
}
