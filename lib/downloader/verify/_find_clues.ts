import { join } from "node:path";
import { BLOCK_BYTES, statOrNull } from "../../base/mod.ts";
import { type CatalogItem, findBadBlocks, inspectFile, inspectPicture } from "../../library/mod.ts";
import type { ContentFacts, DamageClues } from "./_content_facts.ts";
import type { Library } from "../open_library.ts";

/**
 * Collect the clues that distinguish damage from a user's change.
 *
 * @returns `undefined` if the content is the recorded one
 */
export async function findClues(
  library: Library,
  facts: ContentFacts,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<DamageClues | undefined> {
  const { item, actual, isDated } = facts;
  const isOther = item.sha256 !== null && item.sha256.toLowerCase() !== actual.sha256;
  if (!isOther && item.sha256 !== null) return undefined;
  const path = join(library.root, item.path);
  const { problem: structure } = item.kind === "file" ? await inspectFile(path) : await inspectPicture(path);
  if (!isOther) return { structure, oldBlocks: null, swappedWith: null };
  const oldBlocks = await findOldBlocks(path, facts, options);
  // Without a new date, with a broken structure or with intact old blocks, the verdict is damage anyway.
  const isOpen = isDated && structure === null && oldBlocks?.length !== 0;
  return { structure, oldBlocks, swappedWith: isOpen ? await findSwap(library, facts) : null };
}

async function findOldBlocks(
  path: string,
  { item: { actualBytes }, blocks, actual }: ContentFacts,
  options: { readonly signal?: AbortSignal | undefined },
): Promise<readonly number[] | null> {
  const isLonger = actualBytes !== null && actual.sizeBytes > actualBytes;
  if (!isLonger || blocks?.length !== Math.ceil(actualBytes / BLOCK_BYTES)) return null;
  return await findBadBlocks(path, blocks, actualBytes, options);
}

/**
 * Find the item that this file was swapped with. A copy of another item may be the user's choice; it counts as a swap
 * only if the other item's file is not at its own path.
 */
async function findSwap(library: Library, { item, actual }: ContentFacts): Promise<string | null> {
  for (const other of library.catalog.items({ sha256: actual.sha256 })) {
    if (other.key !== item.key && !await isAsRecorded(library, other)) return other.path;
  }
  return null;
}

async function isAsRecorded({ root }: Library, { path, actualBytes, mtimeMs }: CatalogItem): Promise<boolean> {
  const info = await statOrNull(join(root, path));
  return info !== null && info.size === actualBytes && info.mtime?.getTime() === mtimeMs;
}
