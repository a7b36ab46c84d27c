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

/** What fetching needs. */
export interface FetchContext {
  /** Where to. */
  readonly library: Library;
  /** Where from. */
  readonly client: Client;
  /** How requests for bytes are sent. */
  readonly transport: Transport;
  /** Connects ahead; see `SocketTransport.warm`. */
  readonly warm?: SocketTransport["warm"] | undefined;
  /** The engine: for a run the boldest that it may use, for an item the one that fetches it. */
  readonly profile: Profile;
  /** Says which engine may be used now; a run always uses the boldest if absent. */
  readonly mode?: EngineMode | undefined;
  /** Beats the profile's. */
  readonly maxRetries?: number | undefined;
  /** Give up an item of which nothing comes for so long; never if absent. */
  readonly patienceMs?: number | undefined;
  /** Shared by all items: how long each host may take to answer. */
  readonly timeouts?: AdaptiveTimeout | undefined;
  /** Links that outlive a killed process. */
  readonly links?: LinkStore | undefined;
  /** Shared by all items: what a day may use. */
  readonly quota?: DayQuota | undefined;
  /** Shared by all items. */
  readonly limiter?: RateLimiter | undefined;
  /** Says how many connections each host may have; a run makes one of its own if absent. */
  readonly gate?: ConnectionGate | undefined;
  /** Remembers where more connections pay; a run makes its own if absent. */
  readonly lines?: LineMemory | undefined;
  /** Folders of the library that were looked at; a run begins with none if absent. */
  readonly knownFolders?: Set<string> | undefined;
  /** Hashes large files; a run makes one if absent. */
  readonly hashers?: HashPool | undefined;
  /** Keeps the disk's reserve while bytes of an item come; a run makes it. */
  readonly roomOf?: ((key: string) => TransferRoom) | undefined;
  /** Whether what is flagged is fetched to `quarantine/`, instead of being refused; not if absent. */
  readonly allowFlagged?: boolean | undefined;
  /** See `TransferOptions.durable`. */
  readonly durable?: boolean | undefined;
  /** Told what happens. */
  readonly onEvent: (event: DownloadEvent) => void;
  /** Stamps and waits. */
  readonly clock: Clock;
  /** Stops the fetch; the part stays resumable. */
  readonly signal: AbortSignal;
}
