import type { CountRange } from "./catalog_options.ts";
import type { PlacedOutcome } from "./outcome.ts";

/** The options of a catalog, with all defaults filled in. */
export interface SettledCatalog {
  /** Seed of all random choices. Another seed gives another catalog. */
  readonly seed: number;
  /** Number of creators. */
  readonly creators: number;
  /** Number of models of each creator. */
  readonly modelsPerCreator: number;
  /** Total number of models. */
  readonly models: number;
  /** Number of versions per model. */
  readonly versionsPerModel: CountRange;
  /** Number of files per version. */
  readonly filesPerVersion: CountRange;
  /** Number of showcase images per version. */
  readonly imagesPerVersion: CountRange;
  /** Number of community images generated for each version; a tenth of them are not linked to it. */
  readonly galleryPerVersion: number;
  /** Sizes of files in bytes. */
  readonly fileBytes: CountRange;
  /** Exact sizes in bytes of the first files of models without a placed outcome. */
  readonly fileSizes: readonly number[];
  /** Number of distinct contents of files of one kind; `null` if every file has its own. */
  readonly contents: number | null;
  /** Fraction of the versions that need a token, 0 to 1. */
  readonly requireLogin: number;
  /** Fraction of the models that have each outcome, 0 to 1. */
  readonly outcomes: Readonly<Partial<Record<PlacedOutcome, number>>>;
  /** Fraction of the pickle files that the API reports as dangerous, 0 to 1. */
  readonly flagged: number;
  /** Fraction of the models with nasty names, 0 to 1. */
  readonly nastyNames: number;
  /** When early access begins, in milliseconds since the epoch; it lasts 14 days. */
  readonly todayMs: number;
}
