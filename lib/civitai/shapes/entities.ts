/**
 * What the API tells, in one shape whatever endpoint it came from: absent keys are `null` or empty, numbers that should
 * be texts are texts, dates are ISO 8601 UTC.
 *
 * @module
 */

import type { UnreadableEntry } from "./unreadable_entry.ts";

/** The hash kinds that Civitai publishes; hex, lower case here. */
export type HashKind = "AutoV1" | "AutoV2" | "AutoV3" | "SHA256" | "CRC32" | "BLAKE3";

/** Published hashes of one file; any may be missing. */
export type Hashes = Readonly<Partial<Record<HashKind, string>>>;

/** One downloadable file of a version. */
export interface ModelFile {
  /** The file's id, what a download is pinned by. */
  readonly id: number;
  /** As the API composed it: unsafe, and not unique within a version. */
  readonly name: string;
  /** `Model`, `VAE`, `Config`, `Training Data`, … */
  readonly type: string;
  /** Rounded and sometimes stale: an estimate. */
  readonly sizeBytes: number;
  /** `SafeTensor`, `PickleTensor`, `GGUF`, … */
  readonly format: string | null;
  /** `fp16`, `bf16`, `fp8`, … */
  readonly fp: string | null;
  /** `full` or `pruned`. */
  readonly size: string | null;
  /** `Q4_K_M`, … */
  readonly quantType: string | null;
  /** Published hashes; may be empty. */
  readonly hashes: Hashes;
  /** The one that the creator's page offers first. */
  readonly primary: boolean;
  /** `Pending`, `Success`, `Danger` or `Error`. */
  readonly pickleScan: string | null;
  /** `Pending`, `Success`, `Danger` or `Error`. */
  readonly virusScan: string | null;
  /** What the scan that called it dangerous has to say; outside text. */
  readonly scanMessage?: string | undefined;
  /**
   * A linked file of another version: its id is not one of this version's, so it is asked for by these query
   * parameters (type, format, …) instead of by `fileId`.
   */
  readonly linkedQuery: Readonly<Record<string, string>> | null;
}

/** One image, video or audio of a version's showcase, a gallery or a user. */
export interface ImageItem {
  /** The image's id. */
  readonly id: number;
  /** As the API gave it; see `imageUrl`. */
  readonly url: string;
  /** What kind of media. */
  readonly type: "image" | "video" | "audio";
  /** In pixels. */
  readonly width: number | null;
  /** In pixels. */
  readonly height: number | null;
  /** Bits: 1 PG, 2 PG-13, 4 R, 8 X, 16 XXX, 32 blocked. */
  readonly nsfwLevel: number;
  /** Who posted it; names of digits are texts too. */
  readonly username: string | null;
  /** The post that it belongs to. */
  readonly postId: number | null;
  /** ISO 8601 UTC. */
  readonly createdAt: string | null;
  /** Generation data, free-form. */
  readonly meta: Readonly<Record<string, unknown>> | null;
}

/** One version of a model. */
export interface ModelVersion {
  /** The version's id. */
  readonly id: number;
  /** The model's id. */
  readonly modelId: number;
  /** The creator's name for it. */
  readonly name: string;
  /** `SDXL 1.0`, `Pony`, …; `Other` when not told. */
  readonly baseModel: string;
  /** ISO 8601 UTC. */
  readonly publishedAt: string | null;
  /** `Public`, `EarlyAccess`, … */
  readonly availability: string | null;
  /** HTML. */
  readonly description: string | null;
  /** Words that call it up. */
  readonly trainedWords: readonly string[];
  /** Bits, as for images. */
  readonly nsfwLevel: number;
  /** Position in the creator's order; 0 first. */
  readonly index: number;
  /** When early access ends; `null` when there is none or it never ends. */
  readonly earlyAccessUntil: string | null;
  /** Paid access that never ends. */
  readonly permanentlyPaid: boolean;
  /** `Download`, or how else it may be used. */
  readonly usageControl: string;
  /** Its files; none when the model is archived. */
  readonly files: readonly ModelFile[];
  /** The creator's own showcase, not the gallery. */
  readonly images: readonly ImageItem[];
  /** Files and images of it that could not be read; absent when all could. */
  readonly unreadable?: readonly UnreadableEntry[] | undefined;
  /** The answer as it came, without what could not be read, for sidecars. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** One model with the versions that were listed. */
export interface Model {
  /** The model's id. */
  readonly id: number;
  /** As the creator wrote it: unsafe as a file name. */
  readonly name: string;
  /** `Checkpoint`, `LORA`, … */
  readonly type: string;
  /** HTML. */
  readonly description: string | null;
  /** User name; `null` for orphaned models. */
  readonly creator: string | null;
  /** Names of its tags. */
  readonly tags: readonly string[];
  /** Whether it is marked as mature. */
  readonly nsfw: boolean;
  /** Bits, as for images. */
  readonly nsfwLevel: number;
  /** `Archived`, `TakenDown` or healthy. */
  readonly mode: "Archived" | "TakenDown" | null;
  /** `Image`, `RentCivit`, `Rent`, `Sell`; empty when nothing commercial is allowed or nothing is said. */
  readonly allowCommercialUse: readonly string[];
  /** In the creator's order; may be empty. */
  readonly versions: readonly ModelVersion[];
  /** Versions that could not be read; absent when all could. */
  readonly unreadable?: readonly UnreadableEntry[] | undefined;
  /** The answer as it came, without its versions, for sidecars. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** One page of a listing. */
export interface Page<T> {
  /** In the server's order; may be empty in the middle of a listing. */
  readonly items: readonly T[];
  /** Opaque; absent on the last page. */
  readonly nextCursor: string | null;
  /** Entries of this page that could not be read; absent when all could. */
  readonly unreadable?: readonly UnreadableEntry[] | undefined;
  /** Entries left out because they are not what was asked for, such as another user's; absent when there are none. */
  readonly strangers?: number | undefined;
}
