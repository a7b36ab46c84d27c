import type { Catalog } from "../catalog/catalog.ts";

/** A library that is changed; the caller holds its lock. */
export interface ChangedLibrary {
  /** Absolute path of the folder. */
  readonly root: string;
  /** Its catalog, open for writing. */
  readonly catalog: Catalog;
  /** Refuse to go on if the library is gone from its folder; absent if nobody knows which it was. */
  readonly assertPresent?: (() => Promise<void>) | undefined;
}

/** How far a change is. */
export interface ChangeProgress {
  /** Files that have been moved, or found moved. */
  readonly files: number;
  /** Files to move. */
  readonly totalFiles: number;
  /** The file that was moved last, relative to the library. */
  readonly path: string;
}
