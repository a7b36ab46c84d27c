import type { CountRange } from "./catalog_options.ts";
import type { PlacedOutcome } from "./outcome.ts";

/** The options of a catalog, with all defaults filled in. */
export interface CatalogSettings {
  /** Seed of all random choices: another seed gives another catalog. */
  readonly seed: number;
  /** Number of creators. */
  readonly creators: number;
  /** Number of models of each creator. */
  readonly modelsPerCreator: number;
  /** Number of models: the product of both. */
  readonly models: number;
  /** Number of versions of a model. */
  readonly versionsPerModel: CountRange;
  /** Number of files of a version. */
  readonly filesPerVersion: CountRange;
  /** Number of showcase images of a version. */
  readonly imagesPerVersion: CountRange;
  /** Number of community images made for each version; a tenth of them is not linked to it. */
  readonly galleryPerVersion: number;
  /** Sizes of files in bytes. */
  readonly fileBytes: CountRange;
  /** Exact sizes in bytes of the first files of models without a placed outcome. */
  readonly fileSizes: readonly number[];
  /** Sizes of images in bytes. */
  readonly imageBytes: CountRange;
  /** Fraction of the versions that need a token, 0 to 1. */
  readonly requireLogin: number;
  /** Fraction of the models that have each outcome, 0 to 1. */
  readonly outcomes: Readonly<Partial<Record<PlacedOutcome, number>>>;
  /** Fraction of the pickled files that the API reports as dangerous, 0 to 1. */
  readonly flagged: number;
  /** Fraction of the models with nasty names, 0 to 1. */
  readonly nastyNames: number;
  /** When early access begins, in milliseconds since the epoch; it lasts 14 days. */
  readonly todayMs: number;
}
