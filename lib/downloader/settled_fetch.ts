import type { Clock } from "../base/mod.ts";
import type { Client } from "../civitai/mod.ts";
import type { Line, Profile, SocketTransport } from "../transfer/mod.ts";
import type { DayQuota } from "./quota/day_quota.ts";
import type { DownloadEvent } from "./download_event.ts";
import type { ProgressWatch } from "./watch/progress_watch.ts";
import type { EngineDecision, RunRollout } from "./arms/run_rollout.ts";
import { DiskSpace } from "./fetch/limits/disk_space.ts";
import { KeyWatch } from "./fetch/limits/key_watch.ts";
import type { RunMode } from "./fetch/limits/run_mode.ts";
import { LinkMemory } from "./fetch/link_memory.ts";
import type { Library } from "./open_library.ts";
import { RenamedFiles } from "./fetch/renamed_files.ts";

/** What fetches files: an engine of {@linkcode openEngine}, and the signal that stops the run. */
export interface FetchOptions {
  /** The library that files are fetched into. */
  readonly library: Library;
  /** Client of the API that resolves files to URLs; it respects the limits of each host. */
  readonly client: Client;
  /** What all transfers share: transport, timeouts, limits of bandwidth and connections. */
  readonly line: Line;
  /** Opens connections ahead of requests; see `SocketTransport.warm`. `undefined` if the transport cannot do so. */
  readonly warm: SocketTransport["warm"] | undefined;
  /** The most aggressive profile that may be used. */
  readonly profile: Profile;
  /** Chooses the profile that may be used now. */
  readonly mode: RunMode;
  /** Chooses the engine of each file; `undefined` without a rollout, when `mode` alone decides. */
  readonly rollout: RunRollout | undefined;
  /** Limits the links and bytes per day; `undefined` for no limit. */
  readonly quota: DayQuota | undefined;
  /** Is told when items begin and end to wait for bytes; `undefined` if outages are not measured. */
  readonly progress: Pick<ProgressWatch, "begin" | "beginListing"> | undefined;
  /** Returns the number of retries of API requests so far. */
  readonly countRetries: () => number;
  /** Called with each event. */
  readonly onEvent: (event: DownloadEvent) => void;
  /** Source of timestamps and waits. */
  readonly clock: Clock;
  /** Stops the fetch; the part stays resumable. */
  readonly signal: AbortSignal;
}

/** What the code works with that fetches the items of a run: {@linkcode FetchOptions}, and what the run remembers. */
export interface SettledFetch extends FetchOptions {
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
  /** Protects the disk's reserve. */
  readonly space: DiskSpace;
  /** Whether flagged files are fetched to `quarantine/` instead of being refused. */
  readonly allowFlagged: boolean;
}

/** How one item is fetched. A rollout decides it for each item; without one, it is the same as for the whole run. */
export interface ItemTerms extends Pick<FetchOptions, "profile" | "onEvent" | "signal"> {
  /** The rollout's decision about the item; absent without a rollout. */
  readonly decision?: EngineDecision | undefined;
}

/** How a run differs from others with the same engine. */
export interface FetchRun extends Pick<SettledFetch, "allowFlagged"> {
  /** Bytes that must stay free on the disk. */
  readonly reserveBytes: number;
}

/** Begin a run, which knows nothing of its items yet. */
export function beginFetch(options: FetchOptions, { allowFlagged, reserveBytes }: FetchRun): SettledFetch {
  const { library, clock } = options;
  return {
    ...options,
    allowFlagged,
    space: new DiskSpace({ root: library.root, reserveBytes, clock }),
    links: new LinkMemory(clock),
    knownFolders: new Set(),
    warnings: new Set(),
    keyWatch: new KeyWatch(),
    renamed: new RenamedFiles(library),
  };
}
