/** What the catalog stores about a model. */
export interface ModelFacts {
  /** Name of the model. */
  readonly name: string;
  /** `Checkpoint`, `LORA`, … */
  readonly type: string;
  /** User name of the creator. */
  readonly creator: string | null;
  /** The API's response for the model. */
  readonly json: unknown;
}

/** A model in the catalog. */
export interface ModelRecord extends ModelFacts {
  /** Id of the model. */
  readonly id: number;
  /** See {@linkcode Catalog.putModel}. */
  readonly digest: string;
  /** When its content last changed, in milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** A model of the library, and a number that changes with what the catalog has of it. */
export interface ModelMark {
  /** Id of the model. */
  readonly id: number;
  /**
   * A checksum of 32 bits of its items, its record and those of its versions. It changes with paths, sizes and states, but
   * not with reasons, dates of retries and sidecars.
   */
  readonly mark: number;
}

/** What the catalog stores about a version. */
export interface VersionFacts {
  /** Id of the model that it belongs to. */
  readonly modelId: number;
  /** Name of the version. */
  readonly name: string;
  /** `SDXL 1.0`, `Pony`, … */
  readonly baseModel: string;
  /** When the version was published, ISO 8601. */
  readonly publishedAt: string | null;
  /** The API's response for the version. */
  readonly json: unknown;
}

/** A version in the catalog. */
export interface VersionRecord extends VersionFacts {
  /** Id of the version. */
  readonly id: number;
  /** See {@linkcode Catalog.putVersion}. */
  readonly digest: string;
  /** When its content last changed, in milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** A version in the catalog, without what the API says about it. */
export type PublishedVersion = Pick<VersionRecord, "id" | "publishedAt">;

/** A version of a model of which the catalog knows several. */
export interface SiblingVersion extends PublishedVersion {
  /** Id of the model. */
  readonly modelId: number;
  /** Name of the version. */
  readonly name: string;
  /** `SDXL 1.0`, `Pony`, … */
  readonly baseModel: string;
  /** Whether a model file of it is done. */
  readonly isHeld: boolean;
}

/** What a run was started with. */
export interface CatalogRunFacts {
  /** Command that was run: `download`, `update`, … */
  readonly command: string;
  /** Profile of the engine; `none` for a command that downloads nothing. */
  readonly engine: string;
  /** Targets of the run; any JSON value. */
  readonly targets: unknown;
}

/** A run in the catalog. */
export interface CatalogRun extends CatalogRunFacts {
  /** Id of the run. */
  readonly id: number;
  /** When the run started, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** When the run ended, in milliseconds since the epoch; `null` if it is still running or was killed. */
  readonly endedAt: number | null;
  /** Summary that {@linkcode Catalog.endRun} was called with; `null` before that. */
  readonly summary: unknown;
}

/** How far a listing was read, so that reading can continue there. */
export interface ListingFacts {
  /** Cursor of the next page; `null` at the end, and before the first page. */
  readonly cursor: string | null;
  /** Pages read. */
  readonly pages: number;
  /** Number of entries seen, without duplicates. */
  readonly seen: number;
  /** Whether the end was reached. */
  readonly complete: boolean;
}

/** A listing in the catalog. */
export interface ListingRecord extends ListingFacts {
  /** When it was saved, in milliseconds since the epoch. */
  readonly updatedAt: number;
}
