import type { PlacedOutcome } from "./outcome.ts";

/** A range of integers; both ends are included. */
export interface CountRange {
  /** Smallest value. */
  readonly min: number;
  /** Largest value. */
  readonly max: number;
}

/** Size of a catalog, as the number of its creators and models. */
export interface CatalogSize {
  /** Number of creators, at least 1. */
  readonly creators: number;
  /** Number of models of each creator, at least 1. The total number of models must not exceed 100 000. */
  readonly modelsPerCreator: number;
}

/** Options of the catalog. They determine its whole content. */
export interface CatalogOptions {
  /**
   * Seed of all random choices. Another seed gives another catalog.
   *
   * @default {1}
   */
  readonly seed?: number | undefined;
  /**
   * `tiny` has 3 creators and 12 models, `small` 10 and 300, `large` 2 000 and 100 000.
   *
   * @default {"tiny"}
   */
  readonly size?: "tiny" | "small" | "large" | CatalogSize | undefined;
  /**
   * Number of versions per model, 1 to 4.
   *
   * @default {{ min: 1, max: 3 }}
   */
  readonly versionsPerModel?: CountRange | undefined;
  /**
   * Number of files per version, 1 to 4.
   *
   * @default {{ min: 1, max: 3 }}
   */
  readonly filesPerVersion?: CountRange | undefined;
  /**
   * Number of showcase images per version, 0 to 20.
   *
   * @default {{ min: 0, max: 4 }}
   */
  readonly imagesPerVersion?: CountRange | undefined;
  /**
   * Number of community images generated for each version, up to 200.
   *
   * @default {8}
   */
  readonly galleryPerVersion?: number | undefined;
  /**
   * Sizes of files in bytes, at least 1 KiB, distributed evenly over the orders of magnitude. Listings publish true
   * hashes, which are computed when they are first served. Use small files in a catalog that is listed completely.
   *
   * @default {{ min: 1024, max: 2 MiB }}, or up to 64 KiB in a catalog of more than 1 000 models
   */
  readonly fileBytes?: CountRange | undefined;
  /**
   * Exact sizes in bytes for the first files of models without a placed outcome, for example to get one file of 2 GiB.
   */
  readonly fileSizes?: readonly number[] | undefined;
  /**
   * Number of distinct contents that files of one kind share: files whose ids are equal modulo this number have the same
   * size and the same bytes. A library of 20 GB then needs the disk and the hashing of a few hundred files.
   *
   * @default {every file has its own}
   */
  readonly contents?: number | undefined;
  /**
   * Fraction of the versions that need a token to be downloaded, 0 to 1; independent of `outcomes`.
   *
   * @default {0.1}
   */
  readonly requireLogin?: number | undefined;
  /**
   * Fraction of the models whose first version has each outcome, 0 to 1. Each outcome gets at least one model, as long
   * as less than half of the catalog is affected. `{}` gives a catalog without such outcomes.
   *
   * @default {0.02 of each except `staleHash`}
   */
  readonly outcomes?: Readonly<Partial<Record<PlacedOutcome, number>>> | undefined;
  /**
   * Fraction of the pickle files that the API reports as dangerous, 0 to 1. Their content is harmless.
   *
   * @default {0}
   */
  readonly flagged?: number | undefined;
  /**
   * Fraction of the models with nasty names, such as `CON` or `../../escape`, 0 to 1.
   *
   * @default {0.2}
   */
  readonly nastyNames?: number | undefined;
}
