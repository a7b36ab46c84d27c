import type { Outcome } from "./outcome.ts";

/** An account that publishes models. */
export interface CatalogCreator {
  /** Position in the catalog. */
  readonly index: number;
  /** Id of the account. */
  readonly userId: number;
  /** User name, unique regardless of case; may consist of digits only. */
  readonly username: string;
}

/** One file of a version. */
export interface CatalogFile {
  /** Id, unique in the catalog. */
  readonly id: number;
  /** Id of its version. */
  readonly versionId: number;
  /** Position in the version. */
  readonly index: number;
  /** Name in `/models`: composed by the service, or overridden by the creator. It may be a nasty name. */
  readonly name: string;
  /** The name that the service composed. */
  readonly composedName: string;
  /** Whether `name` was set by the creator instead. */
  readonly overridden: boolean;
  /** The name under which the file was uploaded; valid on any file system. */
  readonly storedName: string;
  /** Type, such as `Model`, `VAE` or `Config`. */
  readonly type: string;
  /** Format, such as `SafeTensor` or `GGUF`. */
  readonly format: string;
  /** Precision, such as `fp16`; `null` if not stated. */
  readonly fp: string | null;
  /** `full` or `pruned`; `null` if not stated. */
  readonly size: string | null;
  /** Quantization, such as `Q4_K_M`; `null` unless the format is `GGUF`. */
  readonly quantType: string | null;
  /** Exact size in bytes. */
  readonly sizeBytes: number;
  /** Whether the service has scanned the file. Before that, it has no hashes. */
  readonly scanned: boolean;
  /** Whether the service reports it as dangerous. */
  readonly flagged: boolean;
  /** Number of its content; its id, unless files share contents. */
  readonly contentId: number;
  /** Name of its content; files with the same name and size have the same bytes. */
  readonly contentName: string;
  /** Path of its bytes on the storage host. */
  readonly storagePath: string;
  /** The expected outcome of a download. */
  readonly outcome: Outcome;
}

/** One version of a model. */
export interface CatalogVersion {
  /** Id, unique among versions; a model may have the same id. */
  readonly id: number;
  /** Id of its model. */
  readonly modelId: number;
  /** Position in the model; 0 is the creator's first choice. */
  readonly index: number;
  /** Name; may be a nasty name. */
  readonly name: string;
  /** Base model, such as `SDXL 1.0`. */
  readonly baseModel: string;
  /** When it was published, in milliseconds since the epoch. */
  readonly publishedAtMs: number;
  /** Bits of its maturity levels: 1 PG, 2 PG-13, 4 R, 8 X, 16 XXX. */
  readonly nsfwLevel: number;
  /** Trigger words for the trained subject. */
  readonly trainedWords: readonly string[];
  /** Description in HTML; `null` if there is none. */
  readonly description: string | null;
  /** The expected outcome of a download. */
  readonly outcome: Outcome;
  /** Whether a download needs a token. */
  readonly requiresLogin: boolean;
  /** When early access ends, in milliseconds since the epoch; `null` if there is no early access. */
  readonly earlyAccessUntilMs: number | null;
  /** Its own files. */
  readonly files: readonly CatalogFile[];
  /** A file of another model that is offered with this version; `null` if there is none. */
  readonly linkedFile: CatalogFile | null;
  /** Its showcase images. */
  readonly images: readonly CatalogImage[];
}

/** One model. */
export interface CatalogModel {
  /** Id, unique among models. */
  readonly id: number;
  /** Position in the catalog. */
  readonly index: number;
  /** Its owner; `null` for a model that no longer has one. */
  readonly creator: CatalogCreator | null;
  /** Id of the account that uploaded it, even if the account is gone. */
  readonly userId: number;
  /** Name; may be a nasty name. */
  readonly name: string;
  /** Type, such as `LORA`. */
  readonly type: string;
  /** Description in HTML; `null` if there is none. */
  readonly description: string | null;
  /** Names of its tags. */
  readonly tags: readonly string[];
  /** The maturity bits of all its versions together. */
  readonly nsfwLevel: number;
  /** Whether it is archived or taken down; `null` for a normal model. */
  readonly mode: "Archived" | "TakenDown" | null;
  /** Counters of its use. */
  readonly stats: CatalogStats;
  /** Its versions, in the creator's order. */
  readonly versions: readonly CatalogVersion[];
}

/** Counters of a model. */
export interface CatalogStats {
  /** Number of downloads. */
  readonly downloadCount: number;
  /** Number of likes. */
  readonly thumbsUpCount: number;
  /** Number of comments. */
  readonly commentCount: number;
  /** Number of collections that it is in. */
  readonly collectedCount: number;
  /** Number of images made with it. */
  readonly imageCount: number;
}

/** One image, video or sound. */
export interface CatalogImage {
  /** Id, unique in the catalog. */
  readonly id: number;
  /** Its name on the image host. */
  readonly uuid: string;
  /** Its media type, as the service states it. */
  readonly type: "image" | "video" | "audio";
  /** The encoding of its bytes, regardless of the extension in its URL. */
  readonly encoding: "jpeg" | "png" | "webp" | "mp4" | "mp3";
  /** Nominal width in pixels; `null` if unknown. */
  readonly width: number | null;
  /** Nominal height in pixels; `null` if unknown. */
  readonly height: number | null;
  /** The bit of its maturity level: 1 PG, 2 PG-13, 4 R, 8 X, 16 XXX. */
  readonly nsfwLevel: number;
  /** User name of its author; `null` if it has none. */
  readonly username: string | null;
  /** Id of the post. */
  readonly postId: number;
  /** When it was posted, in milliseconds since the epoch. */
  readonly createdAtMs: number;
  /** Id of the version that it shows; `null` for some community images. */
  readonly versionId: number | null;
  /** Exact size in bytes. */
  readonly sizeBytes: number;
}
