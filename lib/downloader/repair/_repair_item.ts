import { KitError } from "../../base/mod.ts";
import { type CatalogItem, resolveInside } from "../../library/mod.ts";
import { badRanges } from "../verify/bad_ranges.ts";
import { forgetDamage, markBroken } from "../verify/broken_marks.ts";
import { checkItem, type Finding } from "../verify/check_item.ts";
import type { SettledFetch } from "../settled_fetch.ts";
import { fetchItem } from "../fetch/fetch_item.ts";
import { settleLayout } from "../settle_layout.ts";
import { writeItemSidecars } from "../sidecars/write_item_sidecars.ts";
import { patchFile, removeCopy } from "./_patch_file.ts";
import { respellPath } from "../verify/respell_path.ts";

/** How one broken item was repaired. */
export interface ItemRepair {
  /** `intact`: it was not broken; `patched`: only bad blocks were fetched; `fetched`: the whole file was fetched. */
  readonly how: "intact" | "patched" | "fetched";
  readonly fetchedBlocks: number;
  /** Path that the broken file was moved to; `null` when it was not put aside. */
  readonly aside: string | null;
  /** Path of the file if it now has the content that Civitai published in place of the old one; otherwise `null`. */
  readonly replaced: string | null;
}

/** Repair one item that is not done, although it was. Check it first: its file may be there. */
export async function repairItem(context: SettledFetch, broken: CatalogItem): Promise<ItemRepair> {
  const { library, signal } = context;
  const item = respellPath(library, broken);
  const path = await resolveInside(library.root, item.path);
  await removeCopy(path);
  const found = await checkItem(library, item, { deep: true, signal });
  switch (found.verdict) {
    case "ok":
    case "flagged":
      if (found.news !== null) library.catalog.markDone(item.key, found.news);
      forgetDamage(library.catalog, item);
      return { how: "intact", fetchedBlocks: 0, aside: null, replaced: null };
    case "unreadable":
      throw new KitError("failed", `Cannot repair "${item.path}": ${found.reason}`, {
        hint: "Make the file readable for this user, or move it away, and repair again",
      });
    case "unverified":
    case "missing":
    case "changed":
      // A file that the user changed stays; the one from Civitai is placed next to it.
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

async function repairCorrupt(context: SettledFetch, file: CorruptFile): Promise<ItemRepair> {
  const { item, path, found } = file;
  const { catalog } = context.library;
  if (isPatchable(context, file)) {
    const ranges = badRanges(found.badBlocks, item.actualBytes ?? 0);
    const patch = await patchFile(context, { item, path, badRanges: ranges });
    if (patch.isWhole) {
      forgetDamage(catalog, item);
      return { how: "patched", fetchedBlocks: found.badBlocks.length, aside: patch.aside, replaced: null };
    }
  }
  // The damaged file gives way to the whole one when that is verified: the mark says that it is not the user's.
  markBroken(catalog, item, { verdict: "corrupt", reason: found.reason ?? "corrupt", seen: found.seen });
  return await fetchWhole(context, catalog.item(item.key)!);
}

/**
 * Patching needs good blocks to keep, and a recorded hash that is still the published one. A file that has only grown
 * is patched by truncation.
 */
function isPatchable(context: SettledFetch, { item, found }: CorruptFile): boolean {
  const blocks = context.library.catalog.blocks(item.key);
  if (blocks === null || found.badBlocks.length >= blocks.length) return false;
  if (found.badBlocks.length === 0) return found.seen !== null && found.seen.sizeBytes > (item.actualBytes ?? Infinity);
  const isCurrent = item.hashes.SHA256 === undefined || item.hashes.SHA256.toLowerCase() === item.sha256;
  return item.kind === "file" && item.versionId !== null && item.fileId !== null && isCurrent;
}

async function fetchWhole(context: SettledFetch, item: CatalogItem): Promise<ItemRepair> {
  const { outcome, aside = null } = await fetchItem(context, item);
  if (item.kind === "file") await describe(context, item.key);
  const { path, sha256 } = context.library.catalog.item(item.key)!;
  return {
    how: outcome === "already there" ? "intact" : "fetched",
    fetchedBlocks: 0,
    aside,
    replaced: item.sha256 === null || item.sha256 === sha256 ? null : path,
  };
}

/** Write the sidecars: they may be gone with the file, or describe the content that Civitai has replaced. */
async function describe({ library, line: { durable } }: SettledFetch, key: string): Promise<void> {
  const { catalog } = library;
  catalog.setSidecarDigest(key, null);
  const { layout, template } = settleLayout(catalog, null);
  const hasVersionFolders = layout === "classic" && template === null;
  await writeItemSidecars(library, [catalog.item(key)!], { hasVersionFolders, durable });
}
