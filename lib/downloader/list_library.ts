import type { ItemKind, ItemState, ItemTotals, NamedFilter, NamedItem } from "../library/mod.ts";
import type { Library } from "./open_library.ts";

/** Which rows of the catalog; all conditions hold together, letter case never counts. */
export type LibraryFilter = Pick<
  NamedFilter,
  "creator" | "types" | "baseModels" | "states" | "kinds" | "modelId" | "text"
>;

/** One row of the catalog, for a person or a table. */
export interface LibraryRow {
  /** The catalog's key. */
  readonly key: string;
  /** What it is. */
  readonly kind: ItemKind;
  /** How far it is. */
  readonly state: ItemState;
  /** The named outcome. */
  readonly outcome: string | null;
  /** Why, for a person. */
  readonly reason: string | null;
  /** Relative to the library. */
  readonly path: string;
  /** On disk where done, else as planned. */
  readonly sizeBytes: number | null;
  /** Whose it is. */
  readonly creator: string | null;
  /** Id of the model. */
  readonly modelId: number | null;
  /** Name of the model. */
  readonly modelName: string | null;
  /** `Checkpoint`, `LORA`, … */
  readonly modelType: string | null;
  /** Id of the version. */
  readonly versionId: number | null;
  /** Name of the version. */
  readonly versionName: string | null;
  /** `SDXL 1.0`, `Pony`, … */
  readonly baseModel: string | null;
  /** Id of a model file. */
  readonly fileId: number | null;
  /** Id of an image. */
  readonly imageId: number | null;
  /** SHA-256 of what is on disk. */
  readonly sha256: string | null;
  /** When it was done, ISO 8601 UTC. */
  readonly doneAt: string | null;
}

/** The rows that a filter leaves. */
export interface LibraryListing extends Iterable<LibraryRow> {
  /** Sums over all of them. */
  totals(): ItemTotals;
}

/**
 * List what a library has and is to have. Nothing is read before the listing is gone through, and then a page at a time.
 *
 * @param library The library; only its catalog is looked at
 * @param filter Which rows; all without one
 * @returns The rows in the order in which they were first planned, as often as wanted, and their sums
 */
export function listLibrary(library: Pick<Library, "catalog">, filter: LibraryFilter = {}): LibraryListing {
  const { catalog } = library;
  return {
    [Symbol.iterator]: () => Iterator.from(catalog.namedItems(filter)).map(toRow),
    totals: () => catalog.namedTotals(filter),
  };
}

function toRow(item: NamedItem): LibraryRow {
  const { key, kind, state, outcome, reason, path, creator, modelId, versionId, fileId, imageId, sha256 } = item;
  const { modelName, modelType, versionName, baseModel } = item;
  return {
    key,
    kind,
    state,
    outcome,
    reason,
    path,
    sizeBytes: state === "done" ? item.actualBytes ?? item.sizeBytes : item.sizeBytes,
    creator,
    modelId,
    modelName,
    modelType,
    versionId,
    versionName,
    baseModel,
    fileId,
    imageId,
    sha256,
    doneAt: item.doneAt === null ? null : new Date(item.doneAt).toISOString(),
  };
}
