import { join } from "node:path";
import { statSyncOrNull } from "../../base/mod.ts";
import { type CatalogItem, hasModelEnding, walkFiles } from "../../library/mod.ts";
import { wasDone } from "./broken_marks.ts";
import type { Library } from "../open_library.ts";
import { findItemBeside } from "./own_version.ts";
import { OrphanSidecars } from "./_orphan_sidecars.ts";
import { PathTally } from "./path_tally.ts";
import { REPAIR_ENDING } from "./bad_ranges.ts";
import type { OwnFile, Strays } from "./verify_summary.ts";

const PART = /\.part(?:\.json)?$/;
const JOURNAL = ".part.json";
const TEMPORARY = new RegExp(`\\.civitai-dl\\.tmp$|\\${REPAIR_ENDING}$`);
/** Number of paths that one query to the catalog looks up. */
const MODELS_AT_ONCE = 500;
const MAX_OWN = 1000;

/** Options of {@linkcode findStrays}. */
export interface FindStraysOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * Called with each model file that this check has not examined as an item: it is not in the catalog, or its item was
   * never done, such as a refused one.
   */
  readonly onStranger?: ((path: string) => Promise<void>) | undefined;
}

/** Find the files in a library that do not belong to any of its items. */
export async function findStrays(library: Library, options: FindStraysOptions = {}): Promise<Strays> {
  const { signal, onStranger } = options;
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
  const addUnknown = (): void => {
    for (const path of catalog.unknownPaths(models)) {
      const item = findItemBeside(catalog, path);
      if (item === null) add("unknown", path);
      else addOwn(path, item);
    }
    models = [];
  };
  const sidecars = new OrphanSidecars(
    (path) => catalog.itemByPath(path)?.kind === "file",
    (path) => add("orphans", path),
  );
  for await (const path of walkFiles(root)) {
    signal?.throwIfAborted();
    sidecars.add(path);
    const kind = kindOfLeftOver(library, path);
    if (kind === "parts") addPart(path);
    else if (kind === "stale") add(kind, path);
    else if (isModel(path) && models.push(path) >= MODELS_AT_ONCE) addUnknown();
    if (onStranger !== undefined && isUncheckedModel(library, path)) await onStranger(path);
  }
  addUnknown();
  sidecars.end();
  const { parts, stale, unknown, orphans } = tallies;
  return { parts: parts.data(), stale: stale.data(), unknown: unknown.data(), own, orphans: orphans.data() };
}

/** Classify what an interrupted run has left behind; `null` for any other file. */
function kindOfLeftOver({ catalog }: Library, path: string): "parts" | "stale" | null {
  if (PART.test(path)) return catalog.itemByPath(path.replace(PART, ""))?.state === "done" ? "stale" : "parts";
  return TEMPORARY.test(path) ? "stale" : null;
}

/** Items that were done before do not count: they were checked with the other items. */
function isUncheckedModel({ catalog }: Library, path: string): boolean {
  if (!isModel(path)) return false;
  const item = catalog.itemByPath(path);
  return item === null || (item.state !== "done" && !wasDone(item));
}

function isModel(path: string): boolean {
  return hasModelEnding(path.slice(path.lastIndexOf("/") + 1));
}
