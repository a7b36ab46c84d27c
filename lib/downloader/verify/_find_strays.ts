import { join } from "node:path";
import { statSyncOrNull } from "../../base/mod.ts";
import { type CatalogItem, hasModelEnding, joinPath, walkFolders, type WalkFoldersOptions } from "../../library/mod.ts";
import type { Library } from "../open_library.ts";
import { findItemBeside } from "./own_version.ts";
import { orphanSidecars } from "./_orphan_sidecars.ts";
import { PathTally } from "./path_tally.ts";
import { REPAIR_ENDING } from "./bad_ranges.ts";
import type { OwnFile, Strays } from "./verify_summary.ts";

const PART = /\.part(?:\.json)?$/;
const JOURNAL = ".part.json";
const TEMPORARY = new RegExp(`\\.civitai-dl\\.tmp$|\\${REPAIR_ENDING}$`);
/** Number of paths from which on one query to the catalog looks them up. */
const MODELS_AT_ONCE = 500;
const MAX_OWN = 1000;

/** Options of {@linkcode findStrays}. */
export interface FindStraysOptions {
  readonly signal?: AbortSignal | undefined;
  /** Lists folders in other threads. */
  readonly list?: WalkFoldersOptions["list"];
  /**
   * Called with each model file that this check has not examined as an item: it is not in the catalog, or its item was
   * never done, such as a refused one.
   */
  readonly onStranger?: ((path: string) => Promise<void>) | undefined;
}

/** Find the files in a library that do not belong to any of its items. */
export async function findStrays(library: Library, options: FindStraysOptions = {}): Promise<Strays> {
  const { signal, list, onStranger } = options;
  const { catalog, root } = library;
  const tallies = {
    parts: new PathTally(),
    stale: new PathTally(),
    unknown: new PathTally(),
    orphans: new PathTally(),
  };
  const add = (kind: keyof typeof tallies, path: string): void =>
    tallies[kind].add(path, statSyncOrNull(join(root, path))?.size ?? 0);
  const own = { count: 0, bytes: 0, files: [] as OwnFile[] };
  const addOwn = (path: string, { path: beside, modelId }: CatalogItem): void => {
    own.count++;
    own.bytes += statSyncOrNull(join(root, path))?.size ?? 0;
    if (own.files.length >= MAX_OWN) return;
    own.files.push({ path, beside, target: modelId === null ? null : `model:${modelId}` });
  };
  // A journal is counted with its part; alone, it resumes nothing.
  const addPart = (path: string): void => {
    if (!path.endsWith(JOURNAL)) return add("parts", path);
    if (statSyncOrNull(join(root, path.slice(0, -JOURNAL.length) + ".part")) === null) add("stale", path);
  };
  let models: string[] = [];
  const addModels = async (): Promise<void> => {
    const strangers = catalog.unrecordedPaths(models);
    models = [];
    for (const path of catalog.unknownPaths(strangers)) {
      const item = findItemBeside(catalog, path);
      if (item === null) add("unknown", path);
      else addOwn(path, item);
    }
    if (onStranger === undefined) return;
    for (const path of strangers) await onStranger(path);
  };
  for await (const folder of walkFolders(root, { list })) {
    signal?.throwIfAborted();
    for (const name of folder.names) {
      const path = joinPath(folder.path, name);
      const kind = kindOfLeftOver(library, path);
      if (kind === "parts") addPart(path);
      else if (kind === "stale") add(kind, path);
      else if (hasModelEnding(name)) models.push(path);
    }
    const isModelItem = (name: string): boolean => catalog.itemByPath(joinPath(folder.path, name))?.kind === "file";
    for (const name of orphanSidecars(folder.names, isModelItem)) add("orphans", joinPath(folder.path, name));
    if (models.length >= MODELS_AT_ONCE) await addModels();
  }
  await addModels();
  const { parts, stale, unknown, orphans } = tallies;
  return { parts: parts.data(), stale: stale.data(), unknown: unknown.data(), own, orphans: orphans.data() };
}

/** Classify what an interrupted run has left behind; `null` for any other file. */
function kindOfLeftOver({ catalog }: Library, path: string): "parts" | "stale" | null {
  if (PART.test(path)) return catalog.itemByPath(path.replace(PART, ""))?.state === "done" ? "stale" : "parts";
  return TEMPORARY.test(path) ? "stale" : null;
}
