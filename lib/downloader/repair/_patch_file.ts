import { dirname } from "node:path";
import { KitError, openNoFollow, renameFile, statOrNull, syncDir, syncFile } from "../../base/mod.ts";
import { classifyFailure } from "../../failsafe/mod.ts";
import { type CatalogItem, type FileHashes, hashFile, setAsideCorrupt } from "../../library/mod.ts";
import { fetchRanges } from "../../transfer/mod.ts";
import type { SettledFetch } from "../settled_fetch.ts";
import { dropLink } from "../fetch/resolve_item.ts";
import { forwardTransfer, sourceOf } from "../fetch/transfer_item.ts";
import { REPAIR_ENDING } from "../verify/bad_ranges.ts";
import type { BadRange } from "../verify/verify_summary.ts";

/** A file with bad blocks. */
export interface Patch {
  readonly item: CatalogItem;
  /** Absolute path of the file. */
  readonly path: string;
  readonly badRanges: readonly BadRange[];
}

/** Result of {@linkcode patchFile}. */
export interface PatchResult {
  /** Whether the file is intact now; if not, the server has a different object, and the file is unchanged. */
  readonly isWhole: boolean;
  /** New path of the damaged file, kept because its date shows that somebody edited it; otherwise `null`. */
  readonly aside: string | null;
}

/**
 * Fetch the bad ranges of a file into a copy, and rename the copy over the file as soon as its hash is right. A crash
 * at any point leaves the damaged file unchanged, at its path or put aside, or the whole file in its place.
 */
export async function patchFile(context: SettledFetch, patch: Patch): Promise<PatchResult> {
  const { item, path, badRanges } = patch;
  const { library, signal, onEvent } = context;
  const copy = `${path}${REPAIR_ENDING}`;
  const totalBytes = badRanges.reduce((sum, range) => sum + range.end - range.start, 0);
  const links = badRanges.length === 0 ? 0 : 1;
  using _claim = context.quota?.reserve({ key: item.key, path: item.path, links, bytes: totalBytes });
  onEvent({ type: "start", item, host: null, totalBytes, resumedBytes: 0 });
  const before = await Deno.stat(path);
  try {
    await fillCopy(context, patch, copy);
    const hashes = await hashFile(copy, { signal });
    if (hashes.sha256 !== item.sha256) return { isWhole: false, aside: null };
    await assertUntouched(path, before);
    const isDated = before.mtime?.getTime() !== item.mtimeMs;
    const aside = isDated ? await setAsideCorrupt(library.root, path) : null;
    await renameFile(copy, path);
    await syncDir(dirname(path));
    await recordPatched(context, patch, hashes);
    return { isWhole: true, aside };
  } catch (error) {
    if (signal.aborted || classifyFailure(error) !== "changed") throw error;
    return { isWhole: false, aside: null };
  } finally {
    await removeCopy(path);
  }
}

/** Remove the copy that an interrupted repair has left, if there is one. */
export async function removeCopy(path: string): Promise<void> {
  try {
    await Deno.remove(`${path}${REPAIR_ENDING}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function fillCopy(context: SettledFetch, patch: Patch, copy: string): Promise<void> {
  // Create the copy first, since copying would follow a link. Then open it again, since some systems copy into a new
  // file of that name.
  (await openNoFollow(copy, { write: true, create: true })).close();
  await Deno.copyFile(patch.path, copy);
  using file = await openNoFollow(copy, { read: true, write: true });
  await file.truncate(patch.item.actualBytes ?? 0);
  await fetchBad(context, patch, file);
  await syncFile(file);
}

async function fetchBad(context: SettledFetch, { item, path, badRanges }: Patch, file: Deno.FsFile): Promise<void> {
  const { line, profile, signal, onEvent, warnings } = context;
  const source = sourceOf(context, item, signal);
  const request = {
    path,
    file,
    ranges: badRanges,
    totalBytes: item.actualBytes ?? 0,
    etag: item.etag,
    resolve: source.resolve,
    profile,
  };
  using _pending = context.progress?.begin(item.key, { host: () => source.waitsFor });
  try {
    await fetchRanges(request, line, {
      signal,
      onEvent: (event) => forwardTransfer(event, { item, source, warnings, onEvent }),
    });
  } catch (error) {
    dropLink(context, item, error);
    throw error;
  }
}

/** Refuse to overwrite a file that changed while the bytes were fetched. */
async function assertUntouched(path: string, before: Deno.FileInfo): Promise<void> {
  const now = await statOrNull(path);
  if (now?.size === before.size && now.mtime?.getTime() === before.mtime?.getTime()) return;
  throw new KitError("unsafe", `Cannot repair "${path}": it was changed meanwhile`, {
    hint: "Run civitai-dl verify --deep again",
  });
}

async function recordPatched(context: SettledFetch, patch: Patch, hashes: FileHashes): Promise<void> {
  const { item: { key, etag }, path } = patch;
  const { mtime } = await Deno.stat(path);
  const { sha256, sizeBytes: actualBytes, blocks } = hashes;
  const mtimeMs = mtime?.getTime() ?? 0;
  context.library.catalog.markDone(key, { sha256, actualBytes, mtimeMs, etag, outcome: "done", blocks });
  context.links.forget(key);
}
