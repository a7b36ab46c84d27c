import type { Outcome } from "./outcome.ts";

/** Somebody who publishes models. */
export interface CatalogCreator {
  /** Position in the catalog. */
  readonly index: number;
  /** Number of the account. */
  readonly userId: number;
  /** Unique whatever the case; may be digits only. */
  readonly username: string;
}

/** One file of a version. */
export interface CatalogFile {
  /** Unique in the catalog. */
  readonly id: number;
  /** The version that it belongs to. */
  readonly versionId: number;
  /** Position in the version. */
  readonly index: number;
  /** As `/models` names it: composed by the service, or overridden; may be nasty. */
  readonly name: string;
  /** The name that the service composed. */
  readonly composedName: string;
  /** Whether `name` was set by the creator instead. */
  readonly overridden: boolean;
  /** The name that it was uploaded under; plain. */
  readonly storedName: string;
  /** `Model`, `VAE`, `Config`, … */
  readonly type: string;
  /** `SafeTensor`, `GGUF`, … */
  readonly format: string;
  /** `fp16`, … */
  readonly fp: string | null;
  /** `full` or `pruned`. */
  readonly size: string | null;
  /** `Q4_K_M`, … */
  readonly quantType: string | null;
  /** Exact. */
  readonly sizeBytes: number;
  /** Whether the service has scanned it; without it there are no hashes. */
  readonly scanned: boolean;
  /** Whether the service calls it dangerous. */
  readonly flagged: boolean;
  /** Path of its bytes on the storage host. */
  readonly storagePath: string;
  /** What a download is meant to come to. */
  readonly outcome: Outcome;
}

/** One version of a model. */
export interface CatalogVersion {
  /** Unique among versions; the same number may be a model's. */
  readonly id: number;
  /** The model that it belongs to. */
  readonly modelId: number;
  /** Position in the model; 0 is the creator's first choice. */
  readonly index: number;
  /** May be nasty. */
  readonly name: string;
  /** `SDXL 1.0`, … */
  readonly baseModel: string;
  /** Milliseconds since the epoch. */
  readonly publishedAtMs: number;
  /** Bits: 1 PG, 2 PG-13, 4 R, 8 X, 16 XXX. */
  readonly nsfwLevel: number;
  /** Words that call what was trained. */
  readonly trainedWords: readonly string[];
  /** HTML. */
  readonly description: string | null;
  /** What a download is meant to come to. */
  readonly outcome: Outcome;
  /** Whether a download needs a token. */
  readonly requiresLogin: boolean;
  /** When early access ends, in milliseconds since the epoch. */
  readonly earlyAccessUntilMs: number | null;
  /** What belongs to it. */
  readonly files: readonly CatalogFile[];
  /** A file of another version that is offered with this one. */
  readonly linkedFile: CatalogFile | null;
  /** Its showcase. */
  readonly images: readonly CatalogImage[];
}

/** One model. */
export interface CatalogModel {
  /** Unique among models. */
  readonly id: number;
  /** Position in the catalog. */
  readonly index: number;
  /** `null` for a model that nobody owns any more. */
  readonly creator: CatalogCreator | null;
  /** The account that uploaded it, even if it is gone. */
  readonly userId: number;
  /** May be nasty. */
  readonly name: string;
  /** `LORA`, … */
  readonly type: string;
  /** HTML. */
  readonly description: string | null;
  /** Exact names. */
  readonly tags: readonly string[];
  /** The bits of its versions together. */
  readonly nsfwLevel: number;
  /** `null` when healthy. */
  readonly mode: "Archived" | "TakenDown" | null;
  /** Counters. */
  readonly stats: CatalogStats;
  /** In the creator's order. */
  readonly versions: readonly CatalogVersion[];
}

/** Counters of a model. */
export interface CatalogStats {
  /** Downloads. */
  readonly downloadCount: number;
  /** Likes. */
  readonly thumbsUpCount: number;
  /** Comments. */
  readonly commentCount: number;
  /** Collections that it is in. */
  readonly collectedCount: number;
  /** Images made with it. */
  readonly imageCount: number;
}

/** One image, video or sound. */
export interface CatalogImage {
  /** Unique in the catalog. */
  readonly id: number;
  /** What it is named by on the image host. */
  readonly uuid: string;
  /** What the service says that it is. */
  readonly type: "image" | "video" | "audio";
  /** What its bytes are, whatever its URL ends with. */
  readonly encoding: "jpeg" | "png" | "webp" | "mp4" | "mp3";
  /** Nominal. */
  readonly width: number | null;
  /** Nominal. */
  readonly height: number | null;
  /** One bit: 1 PG, 2 PG-13, 4 R, 8 X, 16 XXX. */
  readonly nsfwLevel: number;
  /** Who posted it. */
  readonly username: string | null;
  /** Number of the post. */
  readonly postId: number;
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number;
  /** The version that it shows; a community image may show none. */
  readonly versionId: number | null;
  /** Exact. */
  readonly sizeBytes: number;
}
