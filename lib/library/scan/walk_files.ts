import { join } from "node:path";
import { isTrustedLink, statOrNull } from "../../base/mod.ts";
import { STATE_FOLDER } from "../identity/state_folder.ts";
import type { FolderEntries, FolderListing } from "../content/reader_threads.ts";
import { isInside } from "../resolve_inside.ts";
import { CORRUPTED_FOLDER } from "../set_aside_corrupt.ts";
import { TimeSlices } from "./time_slices.ts";

const SKIPPED_FOLDERS: ReadonlySet<string> = new Set([CORRUPTED_FOLDER, STATE_FOLDER, ".git"]);

/** A folder of a library, and the files in it. */
export interface WalkedFolder {
  /** Path relative to the library, with forward slashes; empty for the library itself. */
  readonly path: string;
  /** Names of its files. */
  readonly names: readonly string[];
}

/**
 * Yield the paths of all files in a library, relative to it and with forward slashes, those of a folder one after
 * another; see {@linkcode walkFolders}.
 */
export async function* walkFiles(root: string): AsyncGenerator<string> {
  for await (const { path, names } of walkFolders(root)) {
    for (const name of names) yield joinPath(path, name);
  }
}

/** Options of {@linkcode walkFolders}. */
export interface WalkFoldersOptions {
  /**
   * Lists folders by their absolute paths, as {@linkcode ReaderThreads.list} does.
   *
   * @default {one after another, in this thread}
   */
  readonly list?: ((paths: readonly string[]) => Promise<readonly FolderListing[]>) | undefined;
}

/** Folders that are listed together, and how many such lists are under way: enough for threads to have a next one. */
const FOLDERS_AT_ONCE = 64;
const LISTS_AT_ONCE = 4;

/**
 * Yield the folders of a library that have files. A linked folder is entered once, unless another user made the link or
 * it leads back into the library. Skips folders named `corrupted`, `.civitai-dl` or `.git`, what this user may not read,
 * and links that lead nowhere.
 */
export async function* walkFolders(root: string, options: WalkFoldersOptions = {}): AsyncGenerator<WalkedFolder> {
  const { list = listHere } = options;
  const realRoot = await Deno.realPath(root);
  const owner = (await Deno.stat(root)).uid;
  const visited = new Set<string>();
  const realOf = ({ path, real }: Folder): string => real ?? join(realRoot, path);
  const isEntered = ({ real }: Folder): boolean => {
    if (real === null) return true;
    if (visited.has(real) || isInside(realRoot, real)) return false;
    visited.add(real);
    return true;
  };
  const waiting: Folder[] = [{ path: "", real: null }];
  const lists: { readonly folders: readonly Folder[]; readonly listings: Promise<readonly FolderListing[]> }[] = [];
  const slices = new TimeSlices();
  while (true) {
    while (waiting.length > 0 && lists.length < LISTS_AT_ONCE) {
      const folders = waiting.splice(-FOLDERS_AT_ONCE).filter(isEntered);
      const listings = list(folders.map(realOf));
      // It fails in its turn. If an earlier one ends the loop first, it must not count as unhandled.
      listings.catch(() => {});
      lists.push({ folders, listings });
    }
    const next = lists.shift();
    if (next === undefined) return;
    const listings = await next.listings;
    for (const [index, folder] of next.folders.entries()) {
      await slices.pause();
      const { files, folders, links } = entriesOf(listings[index]!);
      const names = [...files];
      for (const name of folders) {
        if (SKIPPED_FOLDERS.has(name)) continue;
        waiting.push({
          path: joinPath(folder.path, name),
          real: folder.real === null ? null : join(folder.real, name),
        });
      }
      for (const name of links) {
        const link = join(realOf(folder), name);
        const info = await followed(link, owner);
        if (info?.isFile) names.push(name);
        else if (info?.isDirectory && !SKIPPED_FOLDERS.has(name)) {
          waiting.push({ path: joinPath(folder.path, name), real: await Deno.realPath(link) });
        }
      }
      if (names.length > 0) yield { path: folder.path, names };
    }
  }
}

/**
 * Join the path of a folder and a name, both relative to the library.
 *
 * @param folder Path of the folder; empty for the library itself
 * @param name Name of a file or folder in it
 */
export function joinPath(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** A folder that is still to be read. */
interface Folder {
  /** Path relative to the library. */
  readonly path: string;
  /** Absolute path without links if the relative one contains a link; otherwise `null`. */
  readonly real: string | null;
}

function entriesOf(listing: FolderListing): FolderEntries {
  if (listing.type === "entries") return listing.entries;
  // Such as `lost+found`, when the library is the root of a disk.
  if (!(listing.error instanceof Deno.errors.PermissionDenied)) throw listing.error;
  return { files: [], folders: [], links: [] };
}

/** Synchronous: reading a folder takes a tenth of the time that passing each entry between threads does. */
function listHere(paths: readonly string[]): Promise<readonly FolderListing[]> {
  return Promise.resolve(paths.map(listFolder));
}

function listFolder(path: string): FolderListing {
  const files: string[] = [];
  const folders: string[] = [];
  const links: string[] = [];
  try {
    for (const { name, isFile, isDirectory, isSymlink } of Deno.readDirSync(path)) {
      if (isSymlink) links.push(name);
      else if (isDirectory) folders.push(name);
      else if (isFile) files.push(name);
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { type: "error", error };
  }
  return { type: "entries", entries: { files, folders, links } };
}

/** Stat what a link leads to; `null` if that is nothing, or may not be followed. */
async function followed(path: string, owner: number | null): Promise<Deno.FileInfo | null> {
  try {
    return isTrustedLink(await Deno.lstat(path), owner) ? await statOrNull(path) : null;
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return null;
    throw error;
  }
}
