import type { HashIndex } from "./api/render/hash_index.ts";
import type { ModelOrder } from "./api/query/model_order.ts";
import type { Catalog } from "./catalog/catalog.ts";
import type { FileContent } from "./content/file_content.ts";
import type { FileHasher } from "./content/file_hasher.ts";
import type { FilePreference } from "./api/render/file_preference.ts";
import type { SandboxLog } from "./sandbox_log.ts";

/** The origin of the service in responses, regardless of the address that the request used. */
export const CANONICAL_ORIGIN = "https://civitai.com";

/** The state that all routes share. */
export interface World {
  readonly catalog: Catalog;
  readonly content: FileContent;
  readonly hasher: FileHasher;
  readonly hashIndex: HashIndex;
  readonly order: ModelOrder;
  readonly log: SandboxLog;
  readonly token: string;
  readonly accountPreference: FilePreference;
  readonly signedUrlTtlMs: number;
  readonly downloadQuota: number;
  readonly maxStorageConnections: number;
  readonly region: "open" | "restricted" | "blocked";
  readonly blacklisted: boolean;
  /** The key that URLs are signed with. */
  readonly secret: string;
  /** When the servers started, in milliseconds since the epoch; part of the cursors of image queries. */
  readonly startedMs: number;
  /** Where signed URLs point. */
  readonly storageOrigin: () => string;
  /** Where image URLs point. */
  readonly imageOrigin: () => string;
  /** The current time in milliseconds since the epoch, including what `advance` added. */
  readonly now: () => number;
}
