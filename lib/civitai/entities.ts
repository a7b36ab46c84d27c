/**
 * What the API tells, in one shape whatever endpoint it came from: absent keys are `null` or empty, numbers that should
 * be texts are texts, dates are ISO 8601 UTC.
 *
 * @module
 */

/** The hash kinds that Civitai publishes; hex, lower case here. */
export type HashKind = "AutoV1" | "AutoV2" | "AutoV3" | "SHA256" | "CRC32" | "BLAKE3";

/** Published hashes of one file; any may be missing. */
export type Hashes = Readonly<Partial<Record<HashKind, string>>>;

/** One downloadable file of a version. */
export interface ModelFile {
  readonly id: number;
  /** As the API composed it: unsafe, and not unique within a version. */
  readonly name: string;
  /** `Model`, `VAE`, `Config`, `Training Data`, … */
  readonly type: string;
  /** Rounded and sometimes stale: an estimate. */
  readonly sizeBytes: number;
  readonly format: string | null;
  readonly fp: string | null;
  /** `full` or `pruned`. */
  readonly size: string | null;
  readonly quantType: string | null;
  readonly hashes: Hashes;
  readonly primary: boolean;
  readonly pickleScan: string | null;
  readonly virusScan: string | null;
  /**
   * A linked file of another version: its id is not one of this version's, so it is asked for by these query
   * parameters (type, format, …) instead of by `fileId`.
   */
  readonly linkedQuery: Readonly<Record<string, string>> | null;
}

/** One image, video or audio of a version's showcase, a gallery or a user. */
export interface ImageItem {
  readonly id: number;
  readonly url: string;
  readonly type: "image" | "video" | "audio";
  readonly width: number | null;
  readonly height: number | null;
  /** Bits: 1 PG, 2 PG-13, 4 R, 8 X, 16 XXX, 32 blocked. */
  readonly nsfwLevel: number;
  readonly username: string | null;
  readonly postId: number | null;
  readonly createdAt: string | null;
  /** Generation data, free-form. */
  readonly meta: Readonly<Record<string, unknown>> | null;
}

/** One version of a model. */
export interface ModelVersion {
  readonly id: number;
  readonly modelId: number;
  readonly name: string;
  readonly baseModel: string;
  readonly publishedAt: string | null;
  readonly availability: string | null;
  readonly description: string | null;
  readonly trainedWords: readonly string[];
  readonly nsfwLevel: number;
  /** Position in the creator's order; 0 first. */
  readonly index: number;
  /** When early access ends; `null` when there is none or it never ends. */
  readonly earlyAccessUntil: string | null;
  /** Paid access that never ends. */
  readonly permanentlyPaid: boolean;
  /** `Download`, or how else it may be used. */
  readonly usageControl: string;
  readonly files: readonly ModelFile[];
  readonly images: readonly ImageItem[];
  /** The answer as it came, for sidecars. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** One model with the versions that were listed. */
export interface Model {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly description: string | null;
  readonly creator: string | null;
  readonly tags: readonly string[];
  readonly nsfw: boolean;
  readonly nsfwLevel: number;
  /** `Archived`, `TakenDown` or healthy. */
  readonly mode: "Archived" | "TakenDown" | null;
  readonly versions: readonly ModelVersion[];
  /** The answer as it came, without its versions, for sidecars. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** One page of a listing. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Opaque; absent on the last page. */
  readonly nextCursor: string | null;
}
