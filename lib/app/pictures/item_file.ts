import { KitError, openNoFollow } from "../../base/mod.ts";
import { type CatalogItem, isInnerPath, type MediaFormat, resolveInside, sniffImage } from "../../library/mod.ts";

/** A file of an item that is on disk as the catalog recorded it. */
export interface ItemFile {
  /** The path to open it by. */
  readonly path: string;
  /** Its path below the library, which messages name. */
  readonly shownPath: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  /** Format of a picture, video or sound; `null` if its first bytes are those of something else. */
  readonly media: MediaFormat | null;
}

/** Number of bytes that tell a format. */
const HEAD_BYTES = 64;

/**
 * Find the file of an item that is done, and check that it is the one that was verified: a plain file below the library,
 * with the size and the date of the catalog's row.
 *
 * @param root The library
 * @throws {KitError} `unsafe` if it is gone or was changed, or if its path leads out of the library
 */
export async function findItemFile(root: string, item: CatalogItem): Promise<ItemFile> {
  const { path: shownPath, actualBytes, mtimeMs } = item;
  if (actualBytes === null || mtimeMs === null) throw changed(shownPath, "it was not verified yet");
  const path = await resolveInside(root, shownPath).catch((cause) => {
    throw withoutPlace(shownPath, cause);
  });
  const place = { path, shownPath, sizeBytes: actualBytes, mtimeMs };
  using file = await openItemFile(place);
  const head = new Uint8Array(HEAD_BYTES);
  const count = await file.read(head) ?? 0;
  return { ...place, media: sniffImage(head.subarray(0, count)) };
}

/** Open a file, which must be a plain file with the recorded size and date. */
export async function openItemFile(file: Omit<ItemFile, "media">): Promise<Deno.FsFile> {
  const opened = await openNoFollow(file.path, { read: true }).catch((cause) => {
    const isGone = cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory;
    throw isGone ? changed(file.shownPath, "it is gone", cause) : withoutPlace(file.shownPath, cause);
  });
  try {
    assertUnchanged(opened, file);
    return opened;
  } catch (error) {
    opened.close();
    throw error;
  }
}

/** Throw if an open file does not have the recorded size and date. */
export function assertUnchanged(opened: Deno.FsFile, file: Omit<ItemFile, "media">): void {
  const { isFile, size, mtime } = opened.statSync();
  if (isFile && size === file.sizeBytes && mtime?.getTime() === file.mtimeMs) return;
  throw changed(file.shownPath, "it was changed since it was verified");
}

/** Say what is wrong without the path of a link or a folder, which other machines need not know. */
function withoutPlace(shownPath: string, cause: unknown): unknown {
  if (!(cause instanceof KitError)) return cause;
  const shown = isInnerPath(shownPath) ? `"${shownPath}"` : "a file";
  return new KitError("unsafe", `Cannot serve ${shown}: it is no plain file of the library`, { cause });
}

function changed(path: string, state: string, cause?: unknown): KitError {
  const hint = "civitai-dl verify --deep shows what it is now, civitai-dl repair mends it";
  return new KitError("unsafe", `Cannot serve "${path}": ${state}`, { hint, cause });
}
