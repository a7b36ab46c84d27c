import type { Clock } from "../../base/mod.ts";
import type { Client } from "../../civitai/mod.ts";
import type { AdaptiveTimeout } from "../../failsafe/mod.ts";
import type {
  ConnectionGate,
  HashPool,
  LineMemory,
  Profile,
  RateLimiter,
  SocketTransport,
  TransferRoom,
  Transport,
} from "../../transfer/mod.ts";
import type { DayQuota } from "../quota/day_quota.ts";
import type { DownloadEvent } from "../watch/download_event.ts";
import type { EngineMode } from "./engine_mode.ts";
import type { LinkStore } from "./link_store.ts";
import type { Library } from "../open_library.ts";

/** Dependencies and settings for fetching items. */
export interface FetchContext {
  /** The library that files are fetched into. */
  readonly library: Library;
  /** Client of the API that resolves files to URLs. */
  readonly client: Client;
  /** Sends the requests for bytes. */
  readonly transport: Transport;
  /** Opens connections ahead of requests; see `SocketTransport.warm`. */
  readonly warm?: SocketTransport["warm"] | undefined;
  /** For a run, the most aggressive profile that it may use; for an item, the profile that it is fetched with. */
  readonly profile: Profile;
  /** Chooses the profile that may be used now; without it, a run always uses `profile`. */
  readonly mode?: EngineMode | undefined;
  /** Retries of a file after its first attempt; the number of the profile if absent. */
  readonly maxRetries?: number | undefined;
  /** Time without received bytes after which an item fails, in milliseconds; unlimited if absent. */
  readonly patienceMs?: number | undefined;
  /** Learns how long each host may take to respond; shared by all items. */
  readonly timeouts?: AdaptiveTimeout | undefined;
  /** Stores signed links, so that they outlive a killed process. */
  readonly links?: LinkStore | undefined;
  /** Limits links and bytes of a day; shared by all items. */
  readonly quota?: DayQuota | undefined;
  /** Limits the speed; shared by all items. */
  readonly limiter?: RateLimiter | undefined;
  /** Permit pool that limits the connections to each host; a run creates its own if absent. */
  readonly gate?: ConnectionGate | undefined;
  /** Remembers for which hosts more connections are faster; a run creates its own if absent. */
  readonly lines?: LineMemory | undefined;
  /** Folders of the library that passed the path check; a run starts with an empty set if absent. */
  readonly knownFolders?: Set<string> | undefined;
  /** Hashes large files in other threads; a run creates its own if absent. */
  readonly hashers?: HashPool | undefined;
  /** Protects the disk's reserve while the bytes of an item arrive; a run creates its own if absent. */
  readonly roomOf?: ((key: string) => TransferRoom) | undefined;
  /** Whether flagged files are fetched to `quarantine/` instead of being refused; false if absent. */
  readonly allowFlagged?: boolean | undefined;
  /** See `TransferOptions.durable`. */
  readonly durable?: boolean | undefined;
  /** Called with each event. */
  readonly onEvent: (event: DownloadEvent) => void;
  /** Source of timestamps and waits. */
  readonly clock: Clock;
  /** Stops the fetch; the part stays resumable. */
  readonly signal: AbortSignal;
}
