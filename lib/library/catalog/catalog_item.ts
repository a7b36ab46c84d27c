/**
 * Kind of an item: a file of a model version, a preview beside it, a gallery image of a version, or a posted image of a
 * user.
 */
export type ItemKind = "file" | "preview" | "gallery" | "image";

/**
 * State of an item. `planned` and `deferred` items are still to be fetched, the latter later; `refused`, `failed` and
 * `quarantined` items have no verified file.
 */
export type ItemState = "planned" | "done" | "deferred" | "refused" | "failed" | "quarantined";

/** One thing to have on disk, without its path. */
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
  /** Expected size in bytes; for model files an estimate. */
  readonly sizeBytes: number | null;
  /** Expected hashes by kind (`SHA256`, `AutoV2`, …). */
  readonly hashes: Readonly<Record<string, string>>;
  /** Unsigned URL, or JSON of the request that returns one; never a signed URL. */
  readonly source: string | null;
}

/** One thing to have on disk, with its planned path. */
export interface PlannedItem extends ItemFacts {
  /** Path relative to the library, with forward slashes; unique among items (see {@linkcode disambiguate}). */
  readonly path: string;
}

/** One row of the catalog: the plan, and what became of it. */
export interface CatalogItem extends PlannedItem {
  /** State of the item. */
  readonly state: ItemState;
  /** Name of the outcome, such as `already there` or `early-access`. */
  readonly outcome: string | null;
  /** Reason for the outcome, for a person. */
  readonly reason: string | null;
  /** When a deferred item may be tried, milliseconds since the epoch. */
  readonly notBefore: number | null;
  /** How often fetching the item failed; reset to 0 when the expected content changes. */
  readonly attempts: number;
  /** ETag that the storage server gave the content. */
  readonly etag: string | null;
  /** SHA-256 of what is on disk. */
  readonly sha256: string | null;
  /** Size on disk, in bytes. */
  readonly actualBytes: number | null;
  /** Modification time on disk, in milliseconds since the epoch. */
  readonly mtimeMs: number | null;
  /** When the item became done, milliseconds since the epoch. */
  readonly doneAt: number | null;
  /** Id of the run that planned it last. */
  readonly runId: number | null;
  /** Digest of what its sidecars were built from; `null` if they have to be written. */
  readonly sidecarDigest: string | null;
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
  /** Only items whose sidecars have to be written: they are missing, or were built from other texts. */
  readonly lacksSidecars?: true | undefined;
  /** Only items of this creator, in any letter case of ASCII. */
  readonly creator?: string | undefined;
  /** Only items with this content on disk, by its SHA-256 in lower case; reads every row. */
  readonly sha256?: string | undefined;
  /**
   * Only items that may be tried at this moment, in milliseconds since the epoch: without a date, or with one that is
   * not later.
   */
  readonly dueBefore?: number | undefined;
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

/** Conditions on named items; all of them must hold, and letter case does not count. */
export interface NamedFilter extends ItemFilter {
  /** Only items of models of one of these types, such as `LORA`; empty keeps all. */
  readonly types?: readonly string[] | undefined;
  /** Only items of versions whose base model contains one of these, such as `sdxl`; empty keeps all. */
  readonly baseModels?: readonly string[] | undefined;
  /** Words that all occur in the path, or in the name of the model, the version or the creator. */
  readonly text?: string | undefined;
}

/** Number and size of items: the size on disk if done, else the planned size. */
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
  /** SHA-256 of what is on disk; `null` if it was not computed. */
  readonly sha256: string | null;
  /** Size on disk, in bytes. */
  readonly actualBytes: number;
  /** Modification time on disk, in milliseconds since the epoch. */
  readonly mtimeMs: number;
  /** ETag that the storage server gave the content. */
  readonly etag: string | null;
  /** Name of the outcome, such as `done` or `already there`. */
  readonly outcome: string | null;
  /** CRC-32 of each block of 16 MiB; if absent, recorded ones stay only if the SHA-256 is the same. */
  readonly blocks?: Uint32Array | undefined;
}

/** Facts about an item that did not become done, or has to wait. */
export interface MarkFacts {
  /** New state of the item. */
  readonly state: ItemState;
  /** Name of the outcome. */
  readonly outcome: string | null;
  /** Reason for the outcome, for a person; never contains a secret. */
  readonly reason: string | null;
  /**
   * When it may be tried again, milliseconds since the epoch.
   *
   * @default {null}
   */
  readonly notBefore?: number | null | undefined;
  /** How often fetching the item failed; unchanged if absent. */
  readonly attempts?: number | undefined;
}
