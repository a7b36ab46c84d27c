import type { Clock } from "../../base/mod.ts";
import type { Client } from "../../civitai/mod.ts";
import type { AdaptiveTimeout, HostTimeouts, TimedWait } from "../../failsafe/mod.ts";
import type {
  ConnectionPermits,
  HashPool,
  LineMemory,
  Profile,
  RateLimiter,
  SocketTransport,
  Transport,
} from "../../transfer/mod.ts";
import type { DayQuota } from "../quota/day_quota.ts";
import type { DownloadEvent } from "../watch/download_event.ts";
import type { ProgressWatch } from "../watch/progress_watch.ts";
import type { EngineDecision, RunRollout } from "../arms/run_rollout.ts";
import { DiskSpace } from "./limits/disk_space.ts";
import type { EngineMode } from "./limits/engine_mode.ts";
import { KeyWatch } from "./limits/key_watch.ts";
import { LinkMemory } from "./link_memory.ts";
import type { Library } from "../open_library.ts";
import { RenamedFiles } from "./_renamed_files.ts";

/** What fetches files: an engine of {@linkcode openEngine}, and the signal that stops the run. */
export interface FetchOptions {
  /** The library that files are fetched into. */
  readonly library: Library;
  /** Client of the API that resolves files to URLs; it respects the limits of each host. */
  readonly client: Client;
  /** Sends the requests for bytes. */
  readonly transport: Transport;
  /** Opens connections ahead of requests; see `SocketTransport.warm`. `undefined` if the transport cannot do so. */
  readonly warm: SocketTransport["warm"] | undefined;
  /** The most aggressive profile that may be used. */
  readonly profile: Profile;
  /** Chooses the profile that may be used now. */
  readonly mode: EngineMode;
  /** Chooses the engine of each file; `undefined` without a rollout, when `mode` alone decides. */
  readonly rollout: RunRollout | undefined;
  /** Retries of a file after its first attempt; `undefined` for the profile's number. */
  readonly maxRetries: number | undefined;
  /** Time without received bytes after which an item fails, in milliseconds. */
  readonly patienceMs: number;
  /** Learns how long each host may take to respond; `undefined` for the fixed limits of the profile. */
  readonly timeouts: AdaptiveTimeout | undefined;
  /** Timeouts set for single hosts. */
  readonly hostTimeouts: HostTimeouts;
  /** Limits the links and bytes per day; `undefined` for no limit. */
  readonly quota: DayQuota | undefined;
  /** Limits the speed; `undefined` for no limit. */
  readonly limiter: RateLimiter | undefined;
  /** Permit pool that limits the connections to each host. */
  readonly permits: ConnectionPermits;
  /** Remembers for which hosts more connections are faster. */
  readonly lines: LineMemory;
  /** Whether files are flushed to disk; see `TransferOptions.durable`. */
  readonly durable: boolean;
  /** Learns which items wait for bytes; `undefined` if nothing measures a silence. */
  readonly progress: Pick<ProgressWatch, "begin" | "beginListing"> | undefined;
  /** Called with each wait for a storage that a timeout limits, many times per item. */
  readonly onWait: ((wait: TimedWait) => void) | undefined;
  /** Returns the number of retries of API requests so far. */
  readonly countRetries: () => number;
  /** Called with each event. */
  readonly onEvent: (event: DownloadEvent) => void;
  /** Source of timestamps and waits. */
  readonly clock: Clock;
  /** Stops the fetch; the part stays resumable. */
  readonly signal: AbortSignal;
}

/** What a run adds for the code that fetches its items. */
export interface FetchContext extends FetchOptions {
  /** The rollout's decision about the item under way; `undefined` without a rollout. */
  readonly decision: EngineDecision | undefined;
  /** Signed URLs of the files under way. */
  readonly links: LinkMemory;
  /** Folders of the library that passed the path check. */
  readonly knownFolders: Set<string>;
  /** Finds the file of an item under another name in the library. */
  readonly renamed: RenamedFiles;
  /** Warnings about the whole run that it has given, so that it gives each only once. */
  readonly warnings: Set<string>;
  /** Ends the run if the API key stops working. */
  readonly keyWatch: KeyWatch;
  /** Hashes large files in other threads. */
  readonly hashers: HashPool;
  /** Protects the disk's reserve. */
  readonly space: DiskSpace;
  /** Whether flagged files are fetched to `quarantine/` instead of being refused. */
  readonly allowFlagged: boolean;
}

/** How a run differs from others with the same engine. */
export interface FetchRun extends Pick<FetchContext, "hashers" | "allowFlagged"> {
  /** Bytes that must stay free on the disk. */
  readonly reserveBytes: number;
}

/** Begin a run, which knows nothing of its items yet. */
export function beginFetch(
  options: FetchOptions,
  { hashers, allowFlagged, reserveBytes }: FetchRun,
): FetchContext {
  const { library, clock } = options;
  return {
    ...options,
    hashers,
    allowFlagged,
    space: new DiskSpace({ root: library.root, reserveBytes, clock }),
    decision: undefined,
    links: new LinkMemory(clock),
    knownFolders: new Set(),
    warnings: new Set(),
    keyWatch: new KeyWatch(),
    renamed: new RenamedFiles(library),
  };
}
