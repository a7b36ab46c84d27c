import type { DayLimits } from "../../base/mod.ts";
import type { Choice, DownloadEvent, Engine, Pace } from "../../downloader/mod.ts";

/** What a plan is made with. */
export interface Preview extends AsyncDisposable {
  /** The engine, with a copy of the library that nothing is kept of. */
  readonly engine: Engine;
  /** The choice that settings and flags make. */
  readonly choice: Choice;
  /** Whether they set the layout too; if not, that of the library counts. */
  readonly isLayoutGiven: boolean;
  /** Fields of the choice that they set, which an update does not take from the last download of a model. */
  readonly given: readonly (keyof Choice)[];
  /** Rates of the client. */
  readonly pace: Pace;
  /** Bytes that stay free on the disk. */
  readonly reserveBytes: number;
  /** Limits of 24 hours; `null` for those of the last run. */
  readonly limits: DayLimits | null;
}

/** What a plan is made for. */
export type PlanKind = "download" | "update";

/** Options of {@linkcode OpenPreview}. */
export interface OpenPreviewOptions {
  readonly kind: PlanKind;
  /** Called with each event of the listings. */
  readonly onEvent: (event: DownloadEvent) => void;
  /** Stops opening it. */
  readonly signal: AbortSignal;
}

/**
 * Open what a plan is made with. Nothing in the library changes, and another process may hold it.
 *
 * @throws {KitError} If the library or the API key cannot be used
 */
export type OpenPreview = (options: OpenPreviewOptions) => Promise<Preview>;
