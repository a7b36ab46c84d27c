import type { HashIndex } from "./api/hash_index.ts";
import type { ModelOrder } from "./api/model_order.ts";
import type { Catalog } from "./catalog/catalog.ts";
import type { FileContent } from "./storage/file_content.ts";
import type { FileHasher } from "./storage/file_hasher.ts";
import type { FilePreference } from "./api/file_preference.ts";
import type { SandboxLog } from "./sandbox_log.ts";

/** The name that bodies give the service, whatever address it was called by. */
export const CANONICAL_ORIGIN = "https://civitai.com";

/** What the routes share. */
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
  /** What URLs are signed with. */
  readonly secret: string;
  /** When the servers started; part of the cursors of image queries. */
  readonly startedMs: number;
  /** Where signed URLs point. */
  readonly storageOrigin: () => string;
  /** Where image URLs point. */
  readonly imageOrigin: () => string;
  /** The clock, with what was added by `advance`. */
  readonly now: () => number;
}
