import type { ExceptedIds, LayoutName } from "../library/mod.ts";

/** Filters and limits for the items of the targets, and the layout of the files. */
export interface Choice {
  /** All versions of a model, or only the first in the creator's order. */
  readonly versions: "all" | "latest";
  /** Only versions published at or after this time, ISO 8601 UTC; `null` for all. */
  readonly since: string | null;
  /** Model types to keep; empty keeps all. */
  readonly types: readonly string[];
  /** Substrings of base models to keep, ignoring case; empty keeps all. */
  readonly baseModels: readonly string[];
  /** `primary`, `all`, or file types such as `model`, `vae`, `training-data`. */
  readonly files: readonly string[];
  /** File formats to keep; empty keeps all. */
  readonly formats: readonly string[];
  /** Precisions to keep, such as `fp16`; empty keeps all. */
  readonly fps: readonly string[];
  /** Sizes to keep, `full` or `pruned`; empty keeps both. */
  readonly sizes: readonly string[];
  /** Glob patterns. Models, versions and files with a matching name, and models with a matching tag, are excluded. */
  readonly exclude: readonly string[];
  /** What is left out by its id, even if a target names it; nothing takes its place. */
  readonly except: ExceptedIds;
  /** Bits of the maturity levels to keep: 1 PG, 2 PG-13, 4 R, 8 X, 16 XXX. */
  readonly levels: number;
  /** Maximum number of showcase images per version. */
  readonly previews: number;
  /** Maximum number of community images per version; 0 for none. */
  readonly gallery: number;
  /** Age in milliseconds at which a gallery that was read completely is requested again; 0 requests it in every run. */
  readonly galleryAgeMs: number;
  /** Maximum number of posted images per user or post; 0 for none. */
  readonly maxImages: number;
  /** Maximum number of models per search or listing; `null` for all. */
  readonly limit: number | null;
  /** Named arrangement of the files on disk. */
  readonly layout: LayoutName;
  /** Path template, which takes precedence over the layout; `null` for none. */
  readonly template: string | null;
  /** Whether files in early access are requested too. */
  readonly tryEarlyAccess: boolean;
  /** Whether files that are flagged as dangerous are downloaded to `quarantine/` instead of being refused. */
  readonly allowFlagged: boolean;
}

/** Flags that set the filters of a {@linkcode Choice}, for messages that name a filter. */
export const FILTER_FLAGS = {
  types: "type",
  baseModels: "base-model",
  since: "since",
  exclude: "exclude",
  files: "files",
  formats: "format",
  fps: "fp",
  sizes: "size",
} as const satisfies Partial<Record<keyof Choice, string>>;

/** Defaults, which are the same as those of the earlier tool. */
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
  except: { models: [], versions: [], files: [] },
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
