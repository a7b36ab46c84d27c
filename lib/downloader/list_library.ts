import type {
  ItemFilter,
  ItemKind,
  ItemState,
  ItemTotals,
  NamedFilter,
  NamedItem,
  Usage,
  UsageGroup,
} from "../library/mod.ts";
import { findOutdated, type NewerVersion } from "./models/find_superseded.ts";
import type { Library } from "./open_library.ts";
import { readRemovals, removalOf, type Removals, removedItems } from "./plan/removal_notes.ts";

/** Conditions on rows of the catalog; a row must meet all of them, and case is ignored. */
export interface LibraryFilter extends Omit<NamedFilter, "lacksSidecars" | "sha256"> {
  /**
   * Only model files that are outdated by what the catalog knows: it has a newer version of the same model and base model,
   * or Civitai has other bytes in place of the file.
   */
  readonly isOutdated?: true | undefined;
  /** Only items that Civitai no longer has: their file, version or model was removed there. */
  readonly isRemoved?: true | undefined;
}

/** One row of the catalog, to be shown to the user. */
export interface LibraryRow {
  /** The catalog's key. */
  readonly key: string;
  /** Kind of the item. */
  readonly kind: ItemKind;
  /** State of the item. */
  readonly state: ItemState;
  /** Outcome of the last run that processed it; `null` when there was none. */
  readonly outcome: string | null;
  /** Explanation of the state or outcome; `null` when there is none. */
  readonly reason: string | null;
  /** When it was found that Civitai no longer has it, its version or its model, ISO 8601 UTC; `null` if it has it. */
  readonly removedAt: string | null;
  /** Path of the file, relative to the library. */
  readonly path: string;
  /** Bytes on disk if the item is done, otherwise the stated size; `null` when unknown. */
  readonly sizeBytes: number | null;
  /** Name of the creator, or of the user who posted an image; `null` when unknown. */
  readonly creator: string | null;
  /** Id of the model; `null` for a posted image. */
  readonly modelId: number | null;
  /** Name of the model; `null` for a posted image. */
  readonly modelName: string | null;
  /** Type of the model: `Checkpoint`, `LORA`, … */
  readonly modelType: string | null;
  /** Id of the version; `null` for a posted image. */
  readonly versionId: number | null;
  /** Name of the version; `null` for a posted image. */
  readonly versionName: string | null;
  /** Base model of the version: `SDXL 1.0`, `Pony`, … */
  readonly baseModel: string | null;
  /** Id of a model file; `null` for images. */
  readonly fileId: number | null;
  /** Id of an image; `null` for model files. */
  readonly imageId: number | null;
  /** Recorded SHA-256 of the file on disk, hexadecimal; `null` when unknown. */
  readonly sha256: string | null;
  /** Time when the item was done, ISO 8601 UTC; `null` if it never was. */
  readonly doneAt: string | null;
  /**
   * The version that supersedes that of the file, `null` if only its bytes were replaced; absent unless
   * {@linkcode LibraryFilter.isOutdated} is set.
   */
  readonly newer?: NewerVersion | null;
}

/** The rows that match a filter. */
export interface LibraryListing extends Iterable<LibraryRow> {
  /** Sum up count and bytes of all matching rows. */
  totals(): ItemTotals;

  /**
   * Group all matching rows by what they have in common.
   *
   * @param by What the rows of a group have in common
   * @returns The groups, the largest first
   */
  usage(by: UsageGroup): readonly Usage[];
}

/**
 * List the items that are in a library or planned. Rows are read lazily, a page at a time, when the listing is
 * iterated.
 *
 * @param library The library; only its catalog is read
 * @param filter Conditions on rows; if there are none, all rows are listed
 * @returns The rows in the order in which they were first planned, and their totals; it can be iterated several times
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { listLibrary, openLibrary } from "@civitai-dl/civitai-dl/downloader";
 *
 * using library = await openLibrary("models", { command: "list", scratch: true });
 * const listing = listLibrary(library, { types: ["LORA"], states: ["done"] });
 * const paths = Array.from(listing, (row) => row.path);
 * assertEquals(paths.length, listing.totals().count);
 * ```
 */
export function listLibrary(library: Pick<Library, "catalog">, filter: LibraryFilter = {}): LibraryListing {
  const { catalog } = library;
  const { isOutdated, isRemoved, ...conditions } = filter;
  let { within } = conditions;
  const narrow = (filters: readonly ItemFilter[]): void => {
    within = catalog.rememberItems(...filters.map((one) => ({ ...one, within })));
  };
  const outdated = isOutdated ? findOutdated(catalog) : null;
  if (outdated !== null) narrow(outdated.filters);
  if (isRemoved) narrow(removedItems(catalog));
  const named: NamedFilter = { ...conditions, within };
  return {
    *[Symbol.iterator]() {
      const removals = readRemovals(catalog);
      for (const item of catalog.namedItems(named)) {
        const row = toRow(item, removals);
        yield outdated === null ? row : withNewer(row, outdated.superseded);
      }
    },
    totals: () => catalog.namedTotals(named),
    usage: (by) => catalog.namedUsage(named, by),
  };
}

function withNewer(row: LibraryRow, superseded: ReadonlyMap<number, NewerVersion>): LibraryRow {
  const newer = row.versionId === null ? null : superseded.get(row.versionId) ?? null;
  return { ...row, newer, outcome: newer === null ? "replaced" : "superseded" };
}

function toRow(item: NamedItem, removals: Removals): LibraryRow {
  const { state, sizeBytes, actualBytes } = item;
  const removedAt = removalOf(removals, item);
  return {
    key: item.key,
    kind: item.kind,
    state,
    outcome: removedAt !== null && state === "done" ? "removed, kept" : item.outcome,
    reason: removedAt === null ? item.reason : `removed on Civitai, found on ${removedAt.slice(0, 10)}`,
    removedAt,
    path: item.path,
    sizeBytes: (state === "done" ? actualBytes : null) ?? sizeBytes,
    creator: item.creator,
    modelId: item.modelId,
    modelName: item.modelName,
    modelType: item.modelType,
    versionId: item.versionId,
    versionName: item.versionName,
    baseModel: item.baseModel,
    fileId: item.fileId,
    imageId: item.imageId,
    sha256: item.sha256,
    doneAt: item.doneAt === null ? null : new Date(item.doneAt).toISOString(),
  };
}
