/**
 * The API's entities, in one shape for all endpoints: absent keys are `null` or empty, numbers in place of strings are
 * converted to strings, and dates are ISO 8601 UTC.
 *
 * @module
 */

import type { UnreadableEntry } from "./unreadable_entry.ts";

/** The kinds of hashes that Civitai publishes. Values are lower-case hexadecimal here. */
export type HashKind = "AutoV1" | "AutoV2" | "AutoV3" | "SHA256" | "CRC32" | "BLAKE3";

/** Published hashes of one file, by kind; any may be absent. */
export type Hashes = Readonly<Partial<Record<HashKind, string>>>;

/** One downloadable file of a version. */
export interface ModelFile {
  /** Unique among all files; download URLs select the file by it. */
  readonly id: number;
  /** The name that the API composed: unsafe as a file name, and not unique within a version. */
  readonly name: string;
  /** Purpose of the file: `Model`, `VAE`, `Config`, `Training Data`, … */
  readonly type: string;
  /** Estimated size in bytes: the API rounds it, and it may be out of date. */
  readonly sizeBytes: number;
  /** File format: `SafeTensor`, `PickleTensor`, `GGUF`, …; `null` if unknown. */
  readonly format: string | null;
  /** Floating-point type: `fp16`, `bf16`, `fp8`, …; `null` if unknown. */
  readonly fp: string | null;
  /** `full` or `pruned`; `null` if unknown. */
  readonly size: string | null;
  /** Quantization: `Q4_K_M`, …; `null` if unknown. */
  readonly quantType: string | null;
  /** Published hashes; empty if there are none. */
  readonly hashes: Hashes;
  /** Whether the model's page offers this file first. */
  readonly primary: boolean;
  /** Result of the pickle scan: `Pending`, `Success`, `Danger` or `Error`; `null` if unknown. */
  readonly pickleScan: string | null;
  /** Result of the virus scan: `Pending`, `Success`, `Danger` or `Error`; `null` if unknown. */
  readonly virusScan: string | null;
  /** Message of the scan that reported `Danger`. It is untrusted text. */
  readonly scanMessage?: string | undefined;
  /**
   * Query parameters (type, format, …) of a file that is linked from another version; `null` for the version's own
   * files. The download route refuses the id of a linked file as `fileId`, so these select it instead.
   */
  readonly linkedQuery: Readonly<Record<string, string>> | null;
}

/** One image, video or audio of a version's showcase, a gallery or a user. */
export interface ImageItem {
  /** Unique among all images. */
  readonly id: number;
  /** The URL from the API; `imageUrl` converts it to the requested variant. */
  readonly url: string;
  /** Kind of media; derived from the URL if the API does not say. */
  readonly type: "image" | "video" | "audio";
  /** Width in pixels; `null` if unknown. */
  readonly width: number | null;
  /** Height in pixels; `null` if unknown. */
  readonly height: number | null;
  /** Maturity as a bit mask: 1 PG, 2 PG-13, 4 R, 8 X, 16 XXX, 32 blocked; 0 if unrated. */
  readonly nsfwLevel: number;
  /** User who posted it; `null` if unknown. A name that consists only of digits is a string, too. */
  readonly username: string | null;
  /** Id of the post that contains it; `null` if unknown. */
  readonly postId: number | null;
  /** Time of creation, ISO 8601 UTC; `null` if unknown. */
  readonly createdAt: string | null;
  /** Generation data, free-form; `null` if there is none. */
  readonly meta: Readonly<Record<string, unknown>> | null;
}

/** One version of a model. */
export interface ModelVersion {
  /** Unique among all versions. */
  readonly id: number;
  /** Id of the model that it belongs to. */
  readonly modelId: number;
  /** The creator's name for the version; its id if there is none. */
  readonly name: string;
  /** `SDXL 1.0`, `Pony`, …; `Other` if unknown. */
  readonly baseModel: string;
  /** Time of publication, ISO 8601 UTC; `null` if unknown. */
  readonly publishedAt: string | null;
  /** `Public`, `EarlyAccess`, …; `null` if unknown. */
  readonly availability: string | null;
  /** Description in HTML; `null` if there is none. */
  readonly description: string | null;
  /** Words that activate the model in a prompt. */
  readonly trainedWords: readonly string[];
  /** Maturity as a bit mask, as for images; 0 if unrated. */
  readonly nsfwLevel: number;
  /** Position in the creator's order, from 0. */
  readonly index: number;
  /** End of early access, ISO 8601 UTC; `null` if there is no early access, or access remains paid. */
  readonly earlyAccessUntil: string | null;
  /** Whether access remains paid permanently. */
  readonly permanentlyPaid: boolean;
  /** `Download`, or another permitted use, such as generation on the site only. */
  readonly usageControl: string;
  /** The version's files; empty if the model is archived. */
  readonly files: readonly ModelFile[];
  /** The images that the creator chose for the showcase. Images in the gallery, from other users, are not included. */
  readonly images: readonly ImageItem[];
  /** The version's unreadable files and images; absent if there are none. */
  readonly unreadable?: readonly UnreadableEntry[] | undefined;
  /** The response as received, without unreadable entries; written to sidecars. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** One model with its listed versions. */
export interface Model {
  /** Unique among all models. */
  readonly id: number;
  /** The creator's name for the model: unsafe as a file name. */
  readonly name: string;
  /** `Checkpoint`, `LORA`, …; `Other` if unknown. */
  readonly type: string;
  /** Description in HTML; `null` if there is none. */
  readonly description: string | null;
  /** The creator's user name; `null` for models without an owner. */
  readonly creator: string | null;
  /** Names of the model's tags. */
  readonly tags: readonly string[];
  /** Whether the model is marked as mature. */
  readonly nsfw: boolean;
  /** Maturity as a bit mask, as for images; 0 if unrated. */
  readonly nsfwLevel: number;
  /** `Archived` or `TakenDown`; `null` for a model that is neither. */
  readonly mode: "Archived" | "TakenDown" | null;
  /** Versions in the creator's order; may be empty. */
  readonly versions: readonly ModelVersion[];
  /** The model's unreadable versions; absent if there are none. */
  readonly unreadable?: readonly UnreadableEntry[] | undefined;
  /** The response as received, without the versions; written to sidecars. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** One page of a listing. */
export interface Page<T> {
  /** Entries in the server's order; may be empty in the middle of a listing. */
  readonly items: readonly T[];
  /** Opaque cursor of the next page; `null` on the last page. */
  readonly nextCursor: string | null;
  /** Unreadable entries of this page; absent if there are none. */
  readonly unreadable?: readonly UnreadableEntry[] | undefined;
  /**
   * Number of entries dropped because they do not match the query, such as another user's; absent if there are none.
   */
  readonly mismatched?: number | undefined;
  /**
   * Number of entries dropped because an earlier page had them, since the listing has changed meanwhile; absent if there
   * are none.
   */
  readonly repeated?: number | undefined;
}
