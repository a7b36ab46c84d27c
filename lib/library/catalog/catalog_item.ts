import type { RecordedFile } from "../content/reader_threads.ts";

/**
 * Kind of an item: a file of a model version, a preview next to it, a gallery image of a version, or an image posted by
 * a user.
 */
export type ItemKind = "file" | "preview" | "gallery" | "image";

/**
 * State of an item. `planned` and `deferred` items still have to be downloaded; a `deferred` item has to wait.
 * `refused`, `failed` and `corrupted` items have no verified file.
 */
export type ItemState = "planned" | "done" | "deferred" | "refused" | "failed" | "corrupted";

/** An item that belongs on disk, without its path. */
export interface ItemFacts {
  /**
   * Unique key: `file:<versionId>:<fileId>`, `image:<imageId>`, `preview:<versionId>:<imageId>` or
   * `gallery:<versionId>:<imageId>`.
   */
  readonly key: string;
  /** Kind of the item. */
  readonly kind: ItemKind;
  /** Id of the model that it belongs to. */
  readonly modelId: number | null;
  /** Id of the version that it belongs to. */
  readonly versionId: number | null;
  /** Id of a model file. */
  readonly fileId: number | null;
  /** Id of an image. */
  readonly imageId: number | null;
  /** User name of the model's creator, or of the poster of an image. */
  readonly creator: string | null;
  /** Expected size in bytes; an estimate for model files. */
  readonly sizeBytes: number | null;
  /** Expected hashes by kind (`SHA256`, `AutoV2`, …). */
  readonly hashes: Readonly<Record<string, string>>;
  /** Unsigned URL, or JSON of the request that returns one; never a signed URL. */
  readonly source: string | null;
}

/** An item that belongs on disk, with its planned path. */
export interface PlannedItem extends ItemFacts {
  /** Path relative to the library, with forward slashes; unique among items (see {@linkcode disambiguate}). */
  readonly path: string;
}

/** A row of the catalog: the planned item and its current state. */
export interface CatalogItem extends PlannedItem {
  /** State of the item. */
  readonly state: ItemState;
  /** Name of the outcome, such as `already there` or `early-access`. */
  readonly outcome: string | null;
  /** Reason for the outcome, as shown to the user. */
  readonly reason: string | null;
  /** When a deferred or refused item may be tried, in milliseconds since the epoch. */
  readonly notBefore: number | null;
  /** Number of failed downloads of the item; reset to 0 when the expected content changes. */
  readonly attempts: number;
  /** ETag that the storage server sent for the content. */
  readonly etag: string | null;
  /** SHA-256 of the file on disk. */
  readonly sha256: string | null;
  /** Size on disk, in bytes. */
  readonly actualBytes: number | null;
  /** Modification time on disk, in milliseconds since the epoch. */
  readonly mtimeMs: number | null;
  /** When the item became done, in milliseconds since the epoch. */
  readonly doneAt: number | null;
  /** Id of the run that planned it last. */
  readonly runId: number | null;
  /** Digest of the data from which its sidecars were built; `null` if they have to be written. */
  readonly sidecarDigest: string | null;
}

/** A whole row with what else the catalog keeps of the item, so that it can be removed and put back. It fits into JSON. */
export interface StoredItem extends CatalogItem {
  /** CRC-32 of each block of 16 MiB of its file; `null` if they are not recorded. */
  readonly blocks: readonly number[] | null;
  /** See {@linkcode Catalog.replacedSha256}. */
  readonly replacedSha256: string | null;
}

/** What a check of an item's file compares with the disk, without the rest of the row. */
export interface FileRecord {
  /** Id for {@linkcode Catalog.itemById}. */
  readonly id: number;
  /** Kind of the item. */
  readonly kind: ItemKind;
  /** Path relative to the library, with forward slashes. */
  readonly path: string;
  /** Size on disk in bytes, or the expected one; `null` if neither is known. */
  readonly sizeBytes: number | null;
  /**
   * What the file is known to be, if the row has all that a check could add: the item is done, its content was not
   * replaced, and the digests of its blocks are recorded. Otherwise `null`.
   */
  readonly recorded: RecordedFile | null;
}

/**
 * Items that were chosen once, by {@linkcode Catalog.rememberItems}, whatever has become of them. It lasts as long as the
 * catalog is open, and takes some bytes of SQLite's memory for each item.
 */
export interface ItemSet {
  /** Number of the set, among those of the open catalog. */
  readonly setId: number;
}

/** Conditions on items; all of them must hold. */
export interface ItemFilter {
  /** Only items that this run planned last. */
  readonly runId?: number | undefined;
  /** Only items in one of these states. */
  readonly states?: readonly ItemState[] | undefined;
  /** Only items of one of these kinds. */
  readonly kinds?: readonly ItemKind[] | undefined;
  /** Only items of this model. */
  readonly modelId?: number | undefined;
  /** Only items of one of these versions. Without models, reads every row. */
  readonly versionIds?: readonly number[] | undefined;
  /** Only items of one of these models. */
  readonly modelIds?: readonly number[] | undefined;
  /** Only items whose sidecars have to be written, because they are missing or outdated. */
  readonly lacksSidecars?: true | undefined;
  /** Only items of this creator; the case of ASCII letters is ignored. */
  readonly creator?: string | undefined;
  /** Only items of this image. Reads every row. */
  readonly imageId?: number | undefined;
  /** Only items whose file on disk has this SHA-256, in lower case. Reads every row. */
  readonly sha256?: string | undefined;
  /**
   * Only items that may be tried at this time, in milliseconds since the epoch: those whose `notBefore` is `null` or
   * not later.
   */
  readonly dueBefore?: number | undefined;
  /** Only items that may not be tried yet at this time, in milliseconds since the epoch. */
  readonly dueAfter?: number | undefined;
  /** Only items with this outcome. */
  readonly outcome?: string | undefined;
  /** Only items with another outcome, or none. */
  readonly exceptOutcome?: string | undefined;
  /** Only items with one of these keys. */
  readonly keys?: ReadonlySet<string> | undefined;
  /** Only items of this set. */
  readonly within?: ItemSet | undefined;
  /** Only items that are not of this set. */
  readonly outside?: ItemSet | undefined;
  /** Only items that became done at this time or later, in milliseconds since the epoch. */
  readonly doneSince?: number | undefined;
}

/** An item with the names of its model and its version. */
export interface NamedItem extends CatalogItem {
  /** Name of the model. */
  readonly modelName: string | null;
  /** `Checkpoint`, `LORA`, … */
  readonly modelType: string | null;
  /** Name of the version. */
  readonly versionName: string | null;
  /** `SDXL 1.0`, `Pony`, … */
  readonly baseModel: string | null;
}

/** Conditions on named items; all of them must hold, and letter case is ignored. */
export interface NamedFilter extends ItemFilter {
  /** Only items whose model has one of these types, such as `LORA`; an empty list keeps all items. */
  readonly types?: readonly string[] | undefined;
  /** Only items whose base model contains one of these strings, such as `sdxl`; an empty list keeps all items. */
  readonly baseModels?: readonly string[] | undefined;
  /** Words that must all occur in the path or in the name of the model, the version or the creator. */
  readonly text?: string | undefined;
}

/** What items can be grouped by. */
export type UsageGroup = "creator" | "type" | "baseModel";

/** Number and size of the items that have the same creator, type or base model. */
export interface Usage extends Total {
  /** The creator, type or base model; `null` for items of which it is unknown. */
  readonly name: string | null;
  /** Number of models that the items belong to. */
  readonly models: number;
}

/** Number and size of items: the size on disk if done, otherwise the planned size. */
export interface Total {
  /** Number of items. */
  readonly count: number;
  /** Size of the items, in bytes; an unknown size counts as 0. */
  readonly bytes: number;
}

/** Totals of items, overall and by state. */
export interface ItemTotals extends Total {
  /** Totals by state; every state is present. */
  readonly byState: Readonly<Record<ItemState, Total>>;
}

/** Facts about a file that is verified and has its final name. */
export interface DoneFacts {
  /** SHA-256 of the file on disk; `null` if it was not computed. */
  readonly sha256: string | null;
  /** Size on disk, in bytes. */
  readonly actualBytes: number;
  /** Modification time on disk, in milliseconds since the epoch. */
  readonly mtimeMs: number;
  /** ETag that the storage server sent for the content. */
  readonly etag: string | null;
  /** Name of the outcome, such as `done` or `already there`. */
  readonly outcome: string | null;
  /** CRC-32 of each block of 16 MiB. If absent, the recorded ones are kept only if the SHA-256 is unchanged. */
  readonly blocks?: Uint32Array | undefined;
}

/** Facts about an item that could not be completed or has to wait. */
export interface MarkFacts {
  /** New state of the item. */
  readonly state: ItemState;
  /** Name of the outcome. */
  readonly outcome: string | null;
  /** Reason for the outcome, as shown to the user; never contains a secret. */
  readonly reason: string | null;
  /**
   * When the item may be tried again, in milliseconds since the epoch.
   *
   * @default {null}
   */
  readonly notBefore?: number | null | undefined;
  /** Number of failed downloads of the item; unchanged if absent. */
  readonly attempts?: number | undefined;
}
