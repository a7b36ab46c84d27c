import { formatCount } from "../../base/mod.ts";
import type { Catalog } from "../../library/mod.ts";

/** A rebuild of the catalog that was stopped, or could not look up all files. */
export interface UnfinishedRebuild {
  /** Start of the rebuild, ISO 8601 UTC. */
  readonly startedAt: string;
  /** Model files that no sidecar identifies and that were not looked up; `null` if the rebuild was stopped earlier. */
  readonly notLookedUp: number | null;
}

/** Name of the note that a catalog has from the moment it is created until its rebuild is finished. */
const NOTE = "rebuild";

/**
 * Read whether a catalog lacks files because its rebuild is unfinished.
 *
 * @param catalog The catalog of a library
 * @returns The unfinished rebuild; `null` if the catalog was never lost, or its rebuild is finished
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openLibrary, unfinishedRebuild } from "@civitai-dl/civitai-dl/downloader";
 *
 * using library = await openLibrary("models", { command: "example", scratch: true });
 * assertEquals(unfinishedRebuild(library.catalog), null);
 * ```
 */
export function unfinishedRebuild(catalog: Pick<Catalog, "note">): UnfinishedRebuild | null {
  const note = catalog.note(NOTE);
  if (note === null) return null;
  const { startedAt, notLookedUp } = JSON.parse(note) as Partial<UnfinishedRebuild>;
  return {
    startedAt: typeof startedAt === "string" ? startedAt : "",
    notLookedUp: typeof notLookedUp === "number" ? notLookedUp : null,
  };
}

/** Mark a catalog as unfinished, or with `null` as finished. */
export function noteRebuild(catalog: Pick<Catalog, "setNote">, rebuild: UnfinishedRebuild | null): void {
  catalog.setNote(NOTE, rebuild === null ? null : JSON.stringify(rebuild));
}

/**
 * Say what a catalog with an unfinished rebuild lacks.
 *
 * @param rebuild The unfinished rebuild
 * @returns Text that continues a sentence
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { describeRebuild } from "@civitai-dl/civitai-dl/downloader";
 *
 * assertEquals(
 *   describeRebuild({ startedAt: "2026-11-27T22:00:00.000Z", notLookedUp: 6 }),
 *   "the rebuild of the catalog is unfinished: 6 model files were not looked up",
 * );
 * ```
 */
export function describeRebuild({ startedAt, notLookedUp }: UnfinishedRebuild): string {
  const what = "the rebuild of the catalog is unfinished";
  if (notLookedUp === null) return startedAt === "" ? what : `${what}: the one that began ${startedAt} was stopped`;
  return `${what}: ${formatCount(notLookedUp, "model file was", "model files were")} not looked up`;
}

/** What finishes a rebuild, with and without network. */
export const FINISH_REBUILD =
  "Finish it with: civitai-dl verify --rebuild (with --offline if the files that no sidecar describes can be left out)";
