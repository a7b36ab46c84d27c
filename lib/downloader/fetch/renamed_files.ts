import { basename, dirname, join } from "node:path";
import { statSyncOrNull } from "../../base/mod.ts";
import {
  type CatalogItem,
  type FileHashes,
  hashFile,
  resolveInside,
  scannedKindOf,
  sidecarPath,
  walkFiles,
} from "../../library/mod.ts";
import { isFlaggedPath } from "../flagged_files.ts";
import type { Library } from "../open_library.ts";

/** Number of paths that one query to the catalog looks up. */
const PATHS_AT_ONCE = 500;
/** Endings of the sidecars that a program renames with their model. */
const SIDECAR_ENDINGS = [".civitai.info", ".metadata.json", ".json", ".description.md"] as const;

/** A file under another name than its item has. */
export interface FoundFile {
  /** Path relative to the library. */
  readonly path: string;
  readonly actual: FileHashes;
}

/**
 * Finds files that the user has renamed or moved within the library. The library is walked once, when the first file is
 * gone, and a file is hashed only if it is of the wanted size and not in the catalog.
 */
export class RenamedFiles {
  readonly #library: Library;
  #bySize: Promise<ReadonlyMap<number, readonly string[]>> | undefined;

  /** @param library The library, whose catalog says which files are known */
  constructor(library: Library) {
    this.#library = library;
  }

  /** Whether the library has files of an item's size under other names. Reads none of them. */
  async hasCandidate(item: CatalogItem, signal: AbortSignal): Promise<boolean> {
    return (await this.#candidates(item, signal)).length > 0;
  }

  /**
   * Find the file of an item under another name.
   *
   * @param item An item whose file was recorded, and is not at its path
   * @param signal Stops the reading
   * @returns Where it is; `null` if it is gone
   */
  async find(item: CatalogItem, signal: AbortSignal): Promise<FoundFile | null> {
    const { root } = this.#library;
    const paths = await this.#candidates(item, signal);
    for (const path of paths.toSorted((a, b) => this.#likeness(item, b) - this.#likeness(item, a))) {
      if (!this.#isCandidate(item, path)) continue;
      const actual = await hashFile(await resolveInside(root, path, { access: "read" }), { signal });
      // Another item of the same content may have taken it meanwhile.
      if (actual.sha256 === item.sha256 && this.#isCandidate(item, path)) return { path, actual };
    }
    return null;
  }

  async #candidates(item: CatalogItem, signal: AbortSignal): Promise<readonly string[]> {
    if (item.sha256 === null || item.actualBytes === null) return [];
    // A failed walk is not kept.
    this.#bySize ??= this.#index(signal).catch((error) => {
      this.#bySize = undefined;
      throw error;
    });
    return ((await this.#bySize).get(item.actualBytes) ?? []).filter((path) => this.#isCandidate(item, path));
  }

  #isCandidate(item: CatalogItem, path: string): boolean {
    const { root, catalog } = this.#library;
    return !isFlaggedPath(path) && catalog.itemByPath(path) === null &&
      statSyncOrNull(join(root, path))?.size === item.actualBytes;
  }

  /**
   * How likely a file of the same size is the one of an item rather than a copy of it: a file that is renamed or moved
   * keeps its date, and is mostly in its folder or under its name.
   */
  #likeness(item: CatalogItem, path: string): number {
    const isDated = statSyncOrNull(join(this.#library.root, path))?.mtime?.getTime() === item.mtimeMs;
    return (isDated ? 4 : 0) + (dirname(path) === dirname(item.path) ? 2 : 0) +
      (basename(path) === basename(item.path) ? 1 : 0);
  }

  /** Index the paths of the models and pictures that the catalog does not know by their size. */
  async #index(signal: AbortSignal): Promise<ReadonlyMap<number, readonly string[]>> {
    const { root, catalog } = this.#library;
    const bySize = new Map<number, string[]>();
    let paths: string[] = [];
    const addUnknown = (): void => {
      for (const path of catalog.unknownPaths(paths)) {
        const size = statSyncOrNull(join(root, path))?.size ?? 0;
        const same = bySize.get(size);
        if (same === undefined) bySize.set(size, [path]);
        else same.push(path);
      }
      paths = [];
    };
    for await (const path of walkFiles(root)) {
      signal.throwIfAborted();
      const kind = scannedKindOf(path.slice(path.lastIndexOf("/") + 1));
      const isContent = kind === "model" || kind === "picture";
      if (isContent && paths.push(path) >= PATHS_AT_ONCE) addUnknown();
    }
    addUnknown();
    return bySize;
  }
}

/**
 * Give an item the path that the user gave its file. What was remembered of sidecars that have the new name too goes with
 * them, so that their fields are brought up to date.
 */
export function followRename({ root, catalog }: Library, item: CatalogItem, path: string): CatalogItem {
  catalog.transaction(() => {
    catalog.setPath(item.key, path);
    for (const ending of SIDECAR_ENDINGS) {
      const memory = catalog.sidecarMemory(sidecarPath(item.path, ending));
      const renamed = sidecarPath(path, ending);
      if (memory === null || catalog.sidecarMemory(renamed) !== null) continue;
      if (statSyncOrNull(join(root, renamed)) !== null) catalog.rememberSidecar(renamed, memory);
    }
  });
  return catalog.item(item.key)!;
}
