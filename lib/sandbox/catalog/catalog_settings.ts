import type { CountRange } from "./catalog_options.ts";
import type { PlacedOutcome } from "./outcome.ts";

/** The options of a catalog with nothing left open. */
export interface CatalogSettings {
  /** Another seed is another catalog. */
  readonly seed: number;
  /** How many creators there are. */
  readonly creators: number;
  /** How many models each has. */
  readonly modelsPerCreator: number;
  /** The product of both. */
  readonly models: number;
  /** Versions of a model. */
  readonly versionsPerModel: CountRange;
  /** Files of a version. */
  readonly filesPerVersion: CountRange;
  /** Showcase images of a version. */
  readonly imagesPerVersion: CountRange;
  /** Community images of a version, before some are left out. */
  readonly galleryPerVersion: number;
  /** Sizes of files. */
  readonly fileBytes: CountRange;
  /** Exact sizes of the first files that nothing is wrong with. */
  readonly fileSizes: readonly number[];
  /** Sizes of images. */
  readonly imageBytes: CountRange;
  /** Part of the versions that need a token. */
  readonly requireLogin: number;
  /** Part of the models that each thing is wrong with. */
  readonly outcomes: Readonly<Partial<Record<PlacedOutcome, number>>>;
  /** Part of the pickled files that the API calls dangerous. */
  readonly flagged: number;
  /** Part of the models with nasty names. */
  readonly nastyNames: number;
  /** The moment that early access counts from, in milliseconds since the epoch. */
  readonly todayMs: number;
}
