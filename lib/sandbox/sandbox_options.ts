import type { Clock } from "../base/mod.ts";
import type { CatalogOptions } from "./catalog/catalog_options.ts";
import type { FilePreference } from "./api/render/file_preference.ts";
import type { SandboxExchange } from "./sandbox_exchange.ts";
import type { ToxicRule } from "./faults/toxic_rule.ts";

export type { Clock };

/** Options of {@linkcode startSandbox}: what the catalog holds, and how its servers behave. */
export interface SandboxOptions extends CatalogOptions {
  /**
   * Port of the API; 0 selects a free port.
   *
   * @default {0}
   */
  readonly port?: number | undefined;
  /**
   * Port of the storage and image host; 0 selects a free port.
   *
   * @default {0}
   */
  readonly storagePort?: number | undefined;
  /**
   * Address that both listen on.
   *
   * @default {"127.0.0.1"}
   */
  readonly hostname?: string | undefined;
  /**
   * The one valid API key.
   *
   * @default {"sandbox-token"}
   */
  readonly token?: string | undefined;
  /**
   * File preference of the account: with the token, a download URL without parameters leads to the file that fits it
   * best. By default a preference that differs from that of callers without a token.
   */
  readonly accountPreference?: FilePreference | undefined;
  /**
   * Origin of signed URLs, such as a real web server that serves what `exportFiles` wrote; by default the sandbox's own
   * storage port, where images always stay.
   */
  readonly storageOrigin?: string | undefined;
  /**
   * How long a signed URL is valid, in milliseconds, at least 1000; rounded to whole seconds.
   *
   * @default {86_400_000}
   */
  readonly signedUrlTtlMs?: number | undefined;
  /**
   * Delay before every answer, in milliseconds.
   *
   * @default {0}
   */
  readonly latencyMs?: number | undefined;
  /**
   * Requests to the download route within 24 hours before it answers 429.
   *
   * @default {Infinity}
   */
  readonly downloadQuota?: number | undefined;
  /**
   * Simultaneous model downloads from storage, all clients together; more are answered with 503. The live service
   * tolerates about 4 per client.
   *
   * @default {Infinity}
   */
  readonly maxStorageConnections?: number | undefined;
  /**
   * The caller's region: `blocked` receives 451 from every endpoint of `/api/v1`, `restricted` sees PG and PG-13 only.
   *
   * @default {"open"}
   */
  readonly region?: "open" | "restricted" | "blocked" | undefined;
  /**
   * Answer every download with 403, as to a blacklisted caller.
   *
   * @default {false}
   */
  readonly blacklisted?: boolean | undefined;
  /** The faults at the start; `setToxics` changes them later. */
  readonly toxics?: readonly ToxicRule[] | undefined;
  /** Called after each answer has ended, however it ended. */
  readonly onExchange?: ((exchange: SandboxExchange) => void) | undefined;
  /** The clock for expiry, quotas, latency and pacing; by default that of the system. */
  readonly clock?: Clock | undefined;
}
