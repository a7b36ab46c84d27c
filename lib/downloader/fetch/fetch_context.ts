import type { Clock } from "../../base/mod.ts";
import type { Client } from "../../civitai/mod.ts";
import type { CatalogItem, FileHashes } from "../../library/mod.ts";
import type { AdaptiveTimeout, HostTimeouts, TimedWait } from "../../failsafe/mod.ts";
import {
  type ConnectionPermits,
  type HashPool,
  LineMemory,
  type Profile,
  type RateLimiter,
  type SocketTransport,
  type TransferSpace,
  type Transport,
} from "../../transfer/mod.ts";
import type { DayQuota } from "../quota/day_quota.ts";
import type { DownloadEvent } from "../watch/download_event.ts";
import type { ProgressWatch } from "../watch/progress_watch.ts";
import type { EngineDecision, RunRollout } from "../arms/run_rollout.ts";
import { EngineMode } from "./engine_mode.ts";
import { connectionPermits, createHostLimits } from "./host_permits.ts";
import { KeyWatch } from "./key_watch.ts";
import { LinkMemory } from "./link_memory.ts";
import type { Library } from "../open_library.ts";
import { RenamedFiles } from "./_renamed_files.ts";

/** What a caller provides to fetch items; {@linkcode openEngine} provides nearly all of it. */
export interface FetchOptions {
  /** The library that files are fetched into. */
  readonly library: Library;
  /** Client of the API that resolves files to URLs. */
  readonly client: Client;
  /** Sends the requests for bytes. */
  readonly transport: Transport;
  /** Opens connections ahead of requests; see `SocketTransport.warm`. */
  readonly warm?: SocketTransport["warm"] | undefined;
  /** The most aggressive profile that may be used. */
  readonly profile: Profile;
  /** Chooses the profile that may be used now; without it, a run always uses `profile`. */
  readonly mode?: EngineMode | undefined;
  /** Chooses the engine of each file while a rollout is under way; if absent, `mode` alone decides. */
  readonly rollout?: RunRollout | undefined;
  /** Retries of a file after its first attempt; the profile's number if absent. */
  readonly maxRetries?: number | undefined;
  /** Time without received bytes after which an item fails, in milliseconds; unlimited if absent. */
  readonly patienceMs?: number | undefined;
  /** Learns how long each host may take to respond; shared by all items. */
  readonly timeouts?: AdaptiveTimeout | undefined;
  /** Timeouts set for single hosts. */
  readonly hostTimeouts?: HostTimeouts | undefined;
  /** Limits the links and bytes per day; shared by all items. */
  readonly quota?: DayQuota | undefined;
  /** Limits the speed; shared by all items. */
  readonly limiter?: RateLimiter | undefined;
  /** Permit pool that limits the connections to each host; a run creates its own if absent. */
  readonly permits?: ConnectionPermits | undefined;
  /** Remembers for which hosts more connections are faster; a run creates its own if absent. */
  readonly lines?: LineMemory | undefined;
  /** Folders of the library that passed the path check; a run starts with an empty set if absent. */
  readonly knownFolders?: Set<string> | undefined;
  /** Hashes large files in other threads; a run creates its own if absent. */
  readonly hashers?: HashPool | undefined;
  /** Protects the disk's reserve while the bytes of an item arrive; a run creates its own if absent. */
  readonly spaceFor?: ((key: string) => TransferSpace) | undefined;
  /** Whether flagged files are fetched to `quarantine/` instead of being refused; false if absent. */
  readonly allowFlagged?: boolean | undefined;
  /** See `TransferOptions.durable`. */
  readonly durable?: boolean | undefined;
  /** Learns which items wait for bytes; if absent, nothing measures a silence. */
  readonly progress?: Pick<ProgressWatch, "begin" | "beginListing"> | undefined;
  /** Called with each wait for a storage that a timeout limits, many times per item. */
  readonly onWait?: ((wait: TimedWait) => void) | undefined;
  /** Called with each event. */
  readonly onEvent: (event: DownloadEvent) => void;
  /** Source of timestamps and waits. */
  readonly clock: Clock;
  /** Stops the fetch; the part stays resumable. */
  readonly signal: AbortSignal;
}

/** {@linkcode FetchOptions} with all defaults filled in, for the code that fetches items. */
export interface FetchContext extends FetchOptions {
  /** The profile that the next item is fetched with. */
  readonly profile: Profile;
  /** Opens connections ahead of requests; `undefined` if the transport cannot do so. */
  readonly warm: SocketTransport["warm"] | undefined;
  /** Chooses the profile that may be used now. */
  readonly mode: EngineMode;
  /** Chooses the engine of each file; `undefined` without a rollout. */
  readonly rollout: RunRollout | undefined;
  /** The rollout's decision about the item under way; `undefined` without a rollout. */
  readonly decision: EngineDecision | undefined;
  /** Retries of a file; `undefined` for the profile's number. */
  readonly maxRetries: number | undefined;
  /** Time without received bytes after which an item fails, in milliseconds; `Infinity` for no limit. */
  readonly patienceMs: number;
  /** Learns how long each host may take to respond; `undefined` for the fixed limits of the profile. */
  readonly timeouts: AdaptiveTimeout | undefined;
  /** Timeouts set for single hosts; `undefined` if there are none. */
  readonly hostTimeouts: HostTimeouts | undefined;
  /** Signed URLs of the files under way. */
  readonly links: LinkMemory;
  /** Limits the links and bytes per day; `undefined` for no limit. */
  readonly quota: DayQuota | undefined;
  /** Limits the speed; `undefined` for no limit. */
  readonly limiter: RateLimiter | undefined;
  /** Permit pool of the connections to each host. */
  readonly permits: ConnectionPermits;
  /** Remembers for which hosts more connections are faster. */
  readonly lines: LineMemory;
  /** Folders of the library that passed the path check. */
  readonly knownFolders: Set<string>;
  /** Finds the file of an item under another name in the library; `null` if it is gone. */
  readonly findRenamed: (
    item: CatalogItem,
    signal: AbortSignal,
  ) => Promise<{ readonly path: string; readonly actual: FileHashes } | null>;
  /** Warnings about the whole run that it has given, so that it gives each only once. */
  readonly warnings: Set<string>;
  /** Ends the run if the API key stops working. */
  readonly keyWatch: KeyWatch;
  /** Hashes large files in other threads; `undefined` if each transfer creates its own. */
  readonly hashers: HashPool | undefined;
  /** Protects the disk's reserve; `undefined` if it is not protected. */
  readonly spaceFor: ((key: string) => TransferSpace) | undefined;
  /** Whether flagged files are fetched to `quarantine/`. */
  readonly allowFlagged: boolean;
  /** Whether files are flushed to disk. */
  readonly durable: boolean;
  /** Learns which items wait for bytes; `undefined` if nothing measures a silence. */
  readonly progress: Pick<ProgressWatch, "begin" | "beginListing"> | undefined;
  /** Called with each wait for a storage that a timeout limits; `undefined` if nobody observes them. */
  readonly onWait: ((wait: TimedWait) => void) | undefined;
}

/** Fill in the defaults of a run. */
export function applyFetchDefaults(options: FetchOptions): FetchContext {
  const { profile, clock, onEvent, mode = new EngineMode({ top: profile, clock }) } = options;
  const renamed = new RenamedFiles(options.library);
  return {
    library: options.library,
    client: options.client,
    transport: options.transport,
    warm: options.warm,
    profile,
    mode,
    rollout: options.rollout,
    decision: undefined,
    maxRetries: options.maxRetries,
    patienceMs: options.patienceMs ?? Infinity,
    timeouts: options.timeouts,
    hostTimeouts: options.hostTimeouts,
    links: new LinkMemory(clock),
    quota: options.quota,
    limiter: options.limiter,
    permits: options.permits ?? connectionPermits(createHostLimits({ profile, mode, onEvent, clock }), mode),
    lines: options.lines ?? new LineMemory({ clock }),
    knownFolders: options.knownFolders ?? new Set(),
    warnings: new Set(),
    keyWatch: new KeyWatch(),
    findRenamed: (item, signal) => renamed.find(item, signal),
    hashers: options.hashers,
    spaceFor: options.spaceFor,
    allowFlagged: options.allowFlagged ?? false,
    durable: options.durable ?? true,
    progress: options.progress,
    onWait: options.onWait,
    onEvent,
    clock,
    signal: options.signal,
  };
}
