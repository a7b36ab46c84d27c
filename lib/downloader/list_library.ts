import type { CatalogItem, ItemFilter, ItemKind, ItemState, ItemTotals, Total } from "../library/mod.ts";
import type { Library } from "./open_library.ts";
import { type ItemRecords, RecordCache } from "./_record_cache.ts";

/** Which rows of the catalog; all conditions hold together, letter case never counts. */
export interface LibraryFilter {
  /** Of this creator. */
  readonly creator?: string | undefined;
  /** Of models of one of these types, such as `LORA`. */
  readonly types?: readonly string[] | undefined;
  /** Of versions whose base model contains one of these, such as `sdxl`. */
  readonly baseModels?: readonly string[] | undefined;
  /** In one of these states. */
  readonly states?: readonly ItemState[] | undefined;
  /** Of one of these kinds. */
  readonly kinds?: readonly ItemKind[] | undefined;
  /** Of this model. */
  readonly modelId?: number | undefined;
  /** Words that all are in the path, or in the name of the model, the version or the creator. */
  readonly text?: string | undefined;
}

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
  /** Sums over all of them; goes through the catalog once. */
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
  const { creator, states, kinds, modelId } = filter;
  const native: ItemFilter = { creator, states, kinds, modelId };
  const words = filter.text?.toLowerCase().split(/\s+/).filter((word) => word !== "") ?? [];
  const isNative = words.length === 0 && isEmpty(filter.types) && isEmpty(filter.baseModels);
  function* rows(): Generator<LibraryRow> {
    const cache = new RecordCache(catalog);
    for (const item of catalog.items(native)) {
      const row = toRow(item, cache.of(item));
      if (isNative || isWanted(row, filter, words)) yield row;
    }
  }
  return { [Symbol.iterator]: rows, totals: () => isNative ? catalog.totals(native) : addUp(rows()) };
}

function toRow(item: CatalogItem, { model, version }: ItemRecords): LibraryRow {
  const { key, kind, state, outcome, reason, path, creator, modelId, versionId, fileId, imageId, sha256 } = item;
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
    modelName: model?.name ?? null,
    modelType: model?.type ?? null,
    versionId,
    versionName: version?.name ?? null,
    baseModel: version?.baseModel ?? null,
    fileId,
    imageId,
    sha256,
    doneAt: item.doneAt === null ? null : new Date(item.doneAt).toISOString(),
  };
}

function isWanted(row: LibraryRow, filter: LibraryFilter, words: readonly string[]): boolean {
  const { types, baseModels } = filter;
  const type = row.modelType?.toLowerCase();
  if (!isEmpty(types) && !types.some((wanted) => wanted.toLowerCase() === type)) return false;
  const base = row.baseModel?.toLowerCase() ?? "";
  if (!isEmpty(baseModels) && !baseModels.some((wanted) => base.includes(wanted.toLowerCase()))) return false;
  const text = [row.path, row.modelName, row.versionName, row.creator].join("\n").toLowerCase();
  return words.every((word) => text.includes(word));
}

function isEmpty(list: readonly string[] | undefined): list is undefined | readonly [] {
  return list === undefined || list.length === 0;
}

function addUp(rows: Iterable<LibraryRow>): ItemTotals {
  const zero = (): { count: number; bytes: number } => ({ count: 0, bytes: 0 });
  const sum = zero();
  const byState: Record<ItemState, { count: number; bytes: number } & Total> = {
    planned: zero(),
    done: zero(),
    deferred: zero(),
    refused: zero(),
    failed: zero(),
    quarantined: zero(),
  };
  for (const { state, sizeBytes } of rows) {
    for (const total of [sum, byState[state]]) {
      total.count++;
      total.bytes += sizeBytes ?? 0;
    }
  }
  return { ...sum, byState };
}
