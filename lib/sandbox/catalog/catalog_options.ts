import type { PlacedOutcome } from "./outcome.ts";

/** Both ends are possible. */
export interface CountRange {
  /** The least. */
  readonly min: number;
  /** The most. */
  readonly max: number;
}

/** How many creators and models there are. */
export interface CatalogSize {
  /** Creators. */
  readonly creators: number;
  /** Models of each creator; the product is at most 100 000. */
  readonly modelsPerCreator: number;
}

/** What the catalog holds. Everything in it is a function of these options. */
export interface CatalogOptions {
  /**
   * Another seed is another catalog.
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
   * Versions of a model, at most 4.
   *
   * @default {{ min: 1, max: 3 }}
   */
  readonly versionsPerModel?: CountRange | undefined;
  /**
   * Files of a version, at most 4.
   *
   * @default {{ min: 1, max: 3 }}
   */
  readonly filesPerVersion?: CountRange | undefined;
  /**
   * Showcase images of a version, at most 20.
   *
   * @default {{ min: 0, max: 4 }}
   */
  readonly imagesPerVersion?: CountRange | undefined;
  /**
   * Community images of a version, at most 200.
   *
   * @default {8}
   */
  readonly galleryPerVersion?: number | undefined;
  /**
   * Sizes of files, spread evenly over their magnitudes; at least 1 KiB. Listings publish true hashes, which are
   * computed when they are first served, so keep the sizes of a catalog that is listed whole small.
   *
   * @default {{ min: 1024, max: 2 MiB }}, or up to 64 KiB in a catalog of more than 1 000 models
   */
  readonly fileBytes?: CountRange | undefined;
  /** Exact sizes for the first files that nothing is wrong with, such as one of 2 GiB. */
  readonly fileSizes?: readonly number[] | undefined;
  /**
   * Sizes of images.
   *
   * @default {{ min: 2048, max: 16384 }}
   */
  readonly imageBytes?: CountRange | undefined;
  /**
   * Part of the versions that need a token to be downloaded, on top of those that something is wrong with.
   *
   * @default {0.1}
   */
  readonly requireLogin?: number | undefined;
  /**
   * Part of the models whose first version ends in each way; at least one model each while no more than half of the
   * catalog is affected. `{}` for a catalog without surprises.
   *
   * @default {0.02 of each but `staleHash`}
   */
  readonly outcomes?: Readonly<Partial<Record<PlacedOutcome, number>>> | undefined;
  /**
   * Part of the pickled files that the API calls dangerous; what is in them is harmless all the same.
   *
   * @default {0}
   */
  readonly flagged?: number | undefined;
  /**
   * Part of the models that have nasty names.
   *
   * @default {0.2}
   */
  readonly nastyNames?: number | undefined;
  /**
   * The moment that early access counts from, in milliseconds since the epoch.
   *
   * @default {the start of today}
   */
  readonly todayMs?: number | undefined;
}
