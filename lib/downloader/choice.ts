import type { LayoutName } from "../library/mod.ts";

/** Which of what a target offers is wanted, and where it goes. */
export interface Choice {
  /** Every version, or only the first in the creator's order. */
  readonly versions: "all" | "latest";
  /** Only versions published at or after this moment, ISO 8601 UTC. */
  readonly since: string | null;
  /** Model types to keep; empty keeps all. */
  readonly types: readonly string[];
  /** Substrings of base models to keep, whatever the letter case; empty keeps all. */
  readonly baseModels: readonly string[];
  /** `primary`, `all`, or file types such as `model`, `vae`, `training-data`. */
  readonly files: readonly string[];
  /** File formats to keep; empty keeps all. */
  readonly formats: readonly string[];
  /** Precisions to keep; empty keeps all. */
  readonly fps: readonly string[];
  /** `full`, `pruned`; empty keeps both. */
  readonly sizes: readonly string[];
  /** Glob patterns; a model, version or file with such a name, or a tag, is left out. */
  readonly exclude: readonly string[];
  /** Maturity bits to keep: 1 PG, 2 PG-13, 4 R, 8 X, 16 XXX. */
  readonly levels: number;
  /** Showcase images a version. */
  readonly previews: number;
  /** Community images a version. */
  readonly gallery: number;
  /** A gallery that was read whole is asked for again when that is longer ago, in milliseconds; 0 asks always. */
  readonly galleryAgeMs: number;
  /** Posted images a user. */
  readonly maxImages: number;
  /** Models a search or listing; `null` for all. */
  readonly limit: number | null;
  /** The arrangement on disk. */
  readonly layout: LayoutName;
  /** A path template, which beats the layout. */
  readonly template: string | null;
  /** Ask the server for early-access files too. */
  readonly tryEarlyAccess: boolean;
  /** Fetch files that are flagged as dangerous, to `quarantine/`. */
  readonly allowFlagged: boolean;
}

/** What the earlier tool did when nothing was said. */
export const DEFAULT_CHOICE: Choice = {
  versions: "all",
  since: null,
  types: [],
  baseModels: [],
  files: ["primary"],
  formats: [],
  fps: [],
  sizes: [],
  exclude: [],
  levels: 31,
  previews: 3,
  gallery: 50,
  galleryAgeMs: 7 * 24 * 3_600_000,
  maxImages: 1000,
  limit: null,
  layout: "classic",
  template: null,
  tryEarlyAccess: false,
  allowFlagged: false,
};
