/** What an item of the catalog is. */
export type ItemKind = "file" | "preview" | "gallery" | "image";

/** How far an item is. */
export type ItemState = "planned" | "done" | "deferred" | "refused" | "failed" | "quarantined";

/** One thing to have on disk, wherever it goes. */
export interface ItemFacts {
  /**
   * `file:<versionId>:<fileId>`, `image:<imageId>`, `preview:<versionId>:<imageId>` or `gallery:<versionId>:<imageId>`.
   */
  readonly key: string;
  /** What it is. */
  readonly kind: ItemKind;
  /** The model that it belongs to. */
  readonly modelId: number | null;
  /** The version that it belongs to. */
  readonly versionId: number | null;
  /** Id of a model file. */
  readonly fileId: number | null;
  /** Id of an image. */
  readonly imageId: number | null;
  /** Whose it is. */
  readonly creator: string | null;
  /** Expected size; for model files an estimate. */
  readonly sizeBytes: number | null;
  /** Expected hashes by kind (`SHA256`, `AutoV2`, …). */
  readonly hashes: Readonly<Record<string, string>>;
  /** Unsigned URL, or JSON of the request that gives one; never a signed URL. */
  readonly source: string | null;
}

/** One thing to have on disk, as the plan knows it. */
export interface PlannedItem extends ItemFacts {
  /** Relative to the library, with forward slashes; no two items may have one (see {@linkcode disambiguate}). */
  readonly path: string;
}

/** One row of the catalog: the plan, and what became of it. */
export interface CatalogItem extends PlannedItem {
  /** How far it is. */
  readonly state: ItemState;
  /** The named outcome, such as `already there` or `early-access`. */
  readonly outcome: string | null;
  /** Why, for a person. */
  readonly reason: string | null;
  /** When a deferred item may be tried, milliseconds since the epoch. */
  readonly notBefore: number | null;
  /** Tries so far. */
  readonly attempts: number;
  /** What the storage called the content. */
  readonly etag: string | null;
  /** SHA-256 of what is on disk. */
  readonly sha256: string | null;
  /** Size on disk. */
  readonly actualBytes: number | null;
  /** Date on disk, milliseconds. */
  readonly mtimeMs: number | null;
  /** When it was done, milliseconds since the epoch. */
  readonly doneAt: number | null;
  /** The run that planned it last. */
  readonly runId: number | null;
  /** Digest of what its sidecars were made of. */
  readonly sidecarDigest: string | null;
}

/** Which items; all conditions hold together. */
export interface ItemFilter {
  /** Planned last by this run. */
  readonly runId?: number | undefined;
  /** In one of these states. */
  readonly states?: readonly ItemState[] | undefined;
  /** Of one of these kinds. */
  readonly kinds?: readonly ItemKind[] | undefined;
  /** Of this model. */
  readonly modelId?: number | undefined;
  /** Whose sidecars are to be written: none are there, or they are of other texts. */
  readonly lacksSidecars?: true | undefined;
  /** Of this creator, whatever the letter case. */
  readonly creator?: string | undefined;
  /** With this content on disk, by its SHA-256 in lower case; every row is looked at. */
  readonly sha256?: string | undefined;
  /** Not to be waited for beyond this moment: without a date, or with an earlier one. */
  readonly dueBefore?: number | undefined;
}

/** An item with what the catalog knows around it. */
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

/** Which items; all conditions hold together, letter case never counts. */
export interface NamedFilter extends ItemFilter {
  /** Of models of one of these types, such as `LORA`; empty keeps all. */
  readonly types?: readonly string[] | undefined;
  /** Of versions whose base model contains one of these, such as `sdxl`; empty keeps all. */
  readonly baseModels?: readonly string[] | undefined;
  /** Words that all are in the path, or in the name of the model, the version or the creator. */
  readonly text?: string | undefined;
}

/** How many, and how large: on disk where done, else as planned. */
export interface Total {
  /** Items. */
  readonly count: number;
  /** Bytes. */
  readonly bytes: number;
}

/** Sums over items. */
export interface ItemTotals extends Total {
  /** The same by state; every state is there. */
  readonly byState: Readonly<Record<ItemState, Total>>;
}

/** What is known of a file that has reached its final name. */
export interface DoneFacts {
  /** SHA-256 of what is on disk; `null` if it was not computed. */
  readonly sha256: string | null;
  /** Size on disk. */
  readonly actualBytes: number;
  /** Date on disk, milliseconds. */
  readonly mtimeMs: number;
  /** What the storage called the content. */
  readonly etag: string | null;
  /** The named outcome, such as `done` or `already there`. */
  readonly outcome: string | null;
  /** CRC-32 of each 16 MiB. */
  readonly blocks?: Uint32Array | undefined;
}

/** Any other end, or a pause. */
export interface MarkFacts {
  /** How far it is now. */
  readonly state: ItemState;
  /** The named outcome. */
  readonly outcome: string | null;
  /** Why, for a person; never with a secret. */
  readonly reason: string | null;
  /**
   * When it may be tried again, milliseconds since the epoch.
   *
   * @default {null}
   */
  readonly notBefore?: number | null | undefined;
  /** Tries so far; left as it is when absent. */
  readonly attempts?: number | undefined;
}
