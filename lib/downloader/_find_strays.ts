import { join } from "node:path";
import { hasModelEnding } from "../library/mod.ts";
import { isMarkedBroken } from "./_broken_marks.ts";
import type { Library } from "./open_library.ts";
import { PathTally } from "./_path_tally.ts";
import { REPAIR_ENDING } from "./_patch_file.ts";
import { statOrNull } from "./_stat_or_null.ts";
import type { Strays } from "./verify_library.ts";
import { walkFiles } from "./_walk_files.ts";

const PART = /\.part(?:\.json)?$/;
const TEMPORARY = new RegExp(`\\.civitai-dl\\.tmp$|\\${REPAIR_ENDING}$`);

/** Options of {@linkcode findStrays}. */
export interface FindStraysOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told every model file that is no finished item: unknown ones, and what stands where a refused one would be. */
  readonly onStranger?: ((path: string) => Promise<void>) | undefined;
}

/** Look for what stands in a library without being one of its items. */
export async function findStrays(library: Library, options: FindStraysOptions = {}): Promise<Strays> {
  const { signal, onStranger } = options;
  const tallies = { parts: new PathTally(), stale: new PathTally(), unknown: new PathTally() };
  for await (const path of walkFiles(library.root)) {
    signal?.throwIfAborted();
    const kind = kindOf(library, path);
    if (kind !== null) tallies[kind].add(path, (await statOrNull(join(library.root, path)))?.size ?? 0);
    if (onStranger !== undefined && isStranger(library, path)) await onStranger(path);
  }
  return { parts: tallies.parts.data(), stale: tallies.stale.data(), unknown: tallies.unknown.data() };
}

function kindOf(library: Library, path: string): keyof Strays | null {
  const { catalog } = library;
  if (PART.test(path)) return catalog.itemByPath(path.replace(PART, ""))?.state === "done" ? "stale" : "parts";
  if (TEMPORARY.test(path)) return "stale";
  return isModel(path) && !catalog.hasPath(path) ? "unknown" : null;
}

/** What was found broken is an item still, and has been looked at as such. */
function isStranger({ catalog }: Library, path: string): boolean {
  if (!isModel(path)) return false;
  const item = catalog.itemByPath(path);
  return item === null || (item.state !== "done" && !isMarkedBroken(item));
}

function isModel(path: string): boolean {
  return hasModelEnding(path.slice(path.lastIndexOf("/") + 1));
}
