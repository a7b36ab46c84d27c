import type { Clock } from "../base/mod.ts";
import type { CatalogOptions } from "./catalog/catalog_options.ts";
import type { SandboxExchange } from "./sandbox_exchange.ts";
import type { ToxicRule } from "./faults/toxic_rule.ts";

export type { Clock };

/** Options of {@linkcode startSandbox}: what the catalog contains, and how the servers behave. */
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
   * The one valid API key.
   *
   * @default {"sandbox-token"}
   */
  readonly token?: string | undefined;
  /**
   * Origin of signed URLs, such as that of a real web server that serves the files written by `exportFiles`. By
   * default, it is that of the sandbox's own storage port, which always serves the images.
   */
  readonly storageOrigin?: string | undefined;
  /**
   * How long a signed URL is valid, in milliseconds. The minimum is 1000; the value is rounded to whole seconds.
   *
   * @default {86_400_000}
   */
  readonly signedUrlTtlMs?: number | undefined;
  /**
   * Delay before every response, in milliseconds.
   *
   * @default {0}
   */
  readonly latencyMs?: number | undefined;
  /**
   * Maximum number of requests to the download route within 24 hours; it responds to any more with 429.
   *
   * @default {Infinity}
   */
  readonly downloadQuota?: number | undefined;
  /**
   * Maximum number of simultaneous model downloads from storage by all clients; any more receive 503. The live service
   * tolerates about 4 per client.
   *
   * @default {Infinity}
   */
  readonly maxStorageConnections?: number | undefined;
  /**
   * The caller's region: `blocked` receives 451 from every endpoint of `/api/v1`, `restricted` sees only PG and PG-13.
   *
   * @default {"open"}
   */
  readonly region?: "open" | "restricted" | "blocked" | undefined;
  /**
   * Respond to every download with 403, as to a blacklisted caller.
   *
   * @default {false}
   */
  readonly blacklisted?: boolean | undefined;
  /** The initial faults; `setToxics` changes them later. */
  readonly toxics?: readonly ToxicRule[] | undefined;
  /** Called after each response has ended, however it ended. */
  readonly onExchange?: ((exchange: SandboxExchange) => void) | undefined;
  /** The clock for expiry, quotas, latency and pacing; by default the system clock. */
  readonly clock?: Clock | undefined;
}
