/** What to keep of a model. */
export interface ModelFacts {
  /** Its name. */
  readonly name: string;
  /** `Checkpoint`, `LORA`, … */
  readonly type: string;
  /** User name of the creator. */
  readonly creator: string | null;
  /** The API's answer. */
  readonly json: unknown;
}

/** A model in the catalog. */
export interface ModelRecord extends ModelFacts {
  /** Its id. */
  readonly id: number;
  /** When its content changed last, milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** What to keep of a version. */
export interface VersionFacts {
  /** The model that it belongs to. */
  readonly modelId: number;
  /** Its name. */
  readonly name: string;
  /** `SDXL 1.0`, `Pony`, … */
  readonly baseModel: string;
  /** ISO 8601. */
  readonly publishedAt: string | null;
  /** The API's answer. */
  readonly json: unknown;
}

/** A version in the catalog. */
export interface VersionRecord extends VersionFacts {
  /** Its id. */
  readonly id: number;
  /** When its content changed last, milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** What a run was asked for. */
export interface RunFacts {
  /** `download`, `update`, … */
  readonly command: string;
  /** The engine profile. */
  readonly engine: string;
  /** What it was asked to fetch; any JSON value. */
  readonly targets: unknown;
}

/** A run in the catalog. */
export interface RunRecord extends RunFacts {
  /** Its number. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds since the epoch; `null` if it still runs or was killed. */
  readonly endedAt: number | null;
  /** What {@linkcode Catalog.endRun} was given. */
  readonly summary: unknown;
}

/** How far a listing has been read, so that it can be gone on with. */
export interface ListingFacts {
  /** Cursor of the next page; `null` at the end, and before the first page. */
  readonly cursor: string | null;
  /** Pages read. */
  readonly pages: number;
  /** Things seen, each once. */
  readonly seen: number;
  /** Whether the end was reached. */
  readonly complete: boolean;
}

/** A listing in the catalog. */
export interface ListingRecord extends ListingFacts {
  /** When it was saved, milliseconds since the epoch. */
  readonly updatedAt: number;
}
