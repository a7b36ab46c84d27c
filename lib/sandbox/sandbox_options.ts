import type { Clock } from "../base/mod.ts";
import type { CatalogOptions } from "./catalog/catalog_options.ts";
import type { FilePreference } from "./api/file_preference.ts";
import type { SandboxExchange } from "./sandbox_exchange.ts";
import type { ToxicRule } from "./faults/toxic_rule.ts";

export type { Clock };

/** Options of {@linkcode startSandbox}: what the catalog holds, and how its servers behave. */
export interface SandboxOptions extends CatalogOptions {
  /**
   * Port of the API; 0 takes a free one.
   *
   * @default {0}
   */
  readonly port?: number | undefined;
  /**
   * Port of the storage and image host; 0 takes a free one.
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
  /** What the account prefers: a download URL without parameters, asked for with the token, gives this file. */
  readonly accountPreference?: FilePreference | undefined;
  /**
   * Where signed URLs point, such as a real web server that serves what `exportFiles` wrote. Images stay on the
   * sandbox's own storage port.
   */
  readonly storageOrigin?: string | undefined;
  /**
   * How long a signed URL is valid, in whole seconds.
   *
   * @default {86_400_000}
   */
  readonly signedUrlTtlMs?: number | undefined;
  /**
   * Wait before every answer.
   *
   * @default {0}
   */
  readonly latencyMs?: number | undefined;
  /**
   * Hits on the download route in 24 h before it answers 429.
   *
   * @default {Infinity}
   */
  readonly downloadQuota?: number | undefined;
  /**
   * Simultaneous model downloads from storage per client; more are answered 503. The live service minds about 4.
   *
   * @default {Infinity}
   */
  readonly maxStorageConnections?: number | undefined;
  /**
   * The caller's country: `blocked` is answered 451 by the whole API, `restricted` sees PG and PG-13 only.
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
  /** Faults; change them later with `setToxics`. */
  readonly toxics?: readonly ToxicRule[] | undefined;
  /** Told each answer when it is over, however it ended. */
  readonly onExchange?: ((exchange: SandboxExchange) => void) | undefined;
  /** Time: expiry, quotas, latency and pacing go by it. */
  readonly clock?: Clock | undefined;
}
