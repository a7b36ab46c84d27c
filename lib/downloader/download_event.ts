import type { UnreadableEntry } from "../civitai/mod.ts";
import type { BreakerCause, FailureClass } from "../failsafe/mod.ts";
import type { CatalogItem } from "../library/mod.ts";
import type { LibraryRow } from "./list_library.ts";
import type { ExpectedRequests } from "./plan/requests/expected_requests.ts";

/** The part of an item that events contain; it includes no URL. */
export type EventItem = Pick<CatalogItem, "key" | "kind" | "path" | "creator" | "modelId" | "versionId" | "fileId">;

/** How one item ended in this run. */
export type ItemOutcome =
  | "done"
  | "already there"
  | "early-access"
  | "login"
  | "forbidden"
  | "archived"
  | "removed"
  | "disabled"
  | "region"
  | "flagged"
  | "forgotten"
  | "failed"
  | "corrupted";

/** An event of a run, for progress, `--events` and the log. */
export type DownloadEvent =
  | { readonly type: "target"; readonly target: string }
  /** Sent before a listing of known length is requested. */
  | ({ readonly type: "expect"; readonly target: string } & ExpectedRequests)
  | { readonly type: "page"; readonly target: string; readonly models: number; readonly files: number }
  | {
    /** A target was listed. There are too many galleries to report each: only those that could not be listed before. */
    readonly type: "listed";
    readonly target: string;
    /** Evidence that the models of a creator were listed to the end; absent for other targets. */
    readonly listing?: ListingCompleteness;
  }
  | { readonly type: "plan"; readonly files: number; readonly bytes: number }
  /** One item of the plan by name, only in `--events`: for the log there would be too many. */
  | { readonly type: "planned"; readonly item: LibraryRow }
  | {
    readonly type: "start";
    readonly item: EventItem;
    /** Host that the bytes come from, with the port if it is not the default. */
    readonly host: string | null;
    readonly totalBytes: number;
    readonly resumedBytes: number;
  }
  | {
    readonly type: "bytes";
    readonly key: string;
    readonly count: number;
    /** Time that the connection waited for them, in milliseconds. */
    readonly waitedMs?: number;
  }
  | {
    readonly type: "retry";
    readonly item: EventItem;
    readonly host: string | null;
    readonly attempt: number;
    readonly waitMs: number;
    readonly failure: string;
  }
  | { readonly type: "connections"; readonly item: EventItem; readonly count: number; readonly reason: string }
  | {
    /** The limit of connections to a host changed. */
    readonly type: "limit";
    readonly host: string;
    readonly from: number;
    readonly to: number;
    readonly reason: string;
  }
  | {
    readonly type: "mode";
    readonly from: string;
    readonly to: string;
    /** Whether somebody holds the mode from now on. */
    readonly isHeld?: boolean;
    readonly reason: string;
    /** The reason for a Japanese reader. */
    readonly ja?: { readonly reason: string };
  }
  | {
    /** A transition of the rollout, by this run or by another process; at the start of a run its state. */
    readonly type: "rollout";
    /** Name of the rollout. */
    readonly rollout: string;
    /** What happened, such as `advance` or `abort`; `follow` at the start of a run. */
    readonly action: string;
    /** Who decided: `person`, `judge`, `clock` or `program`. */
    readonly by: string;
    /** State before and after it. */
    readonly from: string;
    readonly to: string;
    /** Share of the canary after it, in percent. */
    readonly weight: number;
    /** Whether a person should look at it: it was aborted. */
    readonly isTrouble: boolean;
    readonly reason: string;
  }
  | {
    readonly type: "breaker";
    readonly key: string;
    readonly from: string;
    readonly to: string;
    readonly reason: string;
    /** The reason for a Japanese reader. */
    readonly ja?: { readonly reason: string };
    /** Failure that made the breaker refuse requests; `null` when it refuses none. */
    readonly cause?: BreakerCause | null;
    /** Time until the breaker admits a request, in milliseconds; 0 unless it is open. */
    readonly retryInMs?: number;
  }
  | {
    readonly type: "wait";
    /** Host that receives no request until the failsafe admits an attempt. */
    readonly host: string;
    readonly waitMs: number;
    /** Reason, in words that follow the host's name, such as `does not answer in time`. */
    readonly reason: string;
    /** Class of the failure that stopped the requests; `tripped` if a person did. */
    readonly failure: FailureClass;
  }
  | { readonly type: "restart"; readonly item: EventItem; readonly reason: string; readonly lostBytes: number }
  | {
    readonly type: "end";
    readonly item: EventItem;
    readonly host: string | null;
    readonly outcome: ItemOutcome;
    readonly bytes: number;
    /** Stated size, which the plan counted; absent if it is unknown, and in a repair. */
    readonly sizeBytes?: number;
    /** Time since the item started in this pass, including waits and retries. */
    readonly durationMs: number;
    readonly failure: FailureClass | null;
    readonly message: string | null;
    /** Key of the breaker that refused the last request; absent when the request was sent. */
    readonly refusedBy?: string;
  }
  | {
    readonly type: "pass";
    readonly number: number;
    /** Items that are tried again because their failure may be temporary. */
    readonly remaining: number;
    /** Items that were left out because the disk had no room; it has room now, so they are tried again. */
    readonly leftOut: number;
  }
  | {
    /** Targets whose planning had failed were tried again at the end of the queue. */
    readonly type: "replan";
    readonly targets: number;
    /** How many of them failed again. */
    readonly failed: number;
    /** Files and images that this adds to the plan, and their stated sizes together. */
    readonly files: number;
    readonly bytes: number;
  }
  | {
    readonly type: "unreadable";
    /** Name of the listing or model that contains the entry. */
    readonly target: string;
    readonly kind: UnreadableEntry["kind"];
    readonly name: string;
    readonly reason: string;
  }
  | {
    readonly type: "api-retry";
    /** What the request was for, such as `list models`. */
    readonly what: string;
    readonly attempt: number;
    readonly waitMs: number;
    readonly failure: string;
  }
  | {
    readonly type: "summary";
    /** Number of items by outcome, of all targets. */
    readonly counts: Readonly<Partial<Record<ItemOutcome, number>>>;
    readonly fetchedBytes: number;
    readonly resumedBytes: number;
    readonly durationMs: number;
    readonly retries: number;
    /** Why the run ended before its queue did, or left files out; absent if neither happened. */
    readonly stopped?: { readonly message: string; readonly failure: FailureClass | null };
  }
  | {
    /** The end of the process's run, with or without a summary; only in the log. */
    readonly type: "run-end";
    readonly command: string;
    readonly exitCode: number;
    readonly done: number;
    readonly failed: number;
    /** Files still to be fetched, without those that failed. */
    readonly left: number;
    readonly fetchedBytes: number;
    readonly durationMs: number;
    /** Class of failure, problem or code of the error that ended it; `null` if it ended well. */
    readonly cause: string | null;
    readonly message: string | null;
    readonly hint: string | null;
  }
  | {
    readonly type: "warning";
    readonly message: string;
    /** Target that cannot be planned; the plan lists it as a problem too. */
    readonly target?: string;
    /** Class of the failure that it is about; absent if it is about none. */
    readonly failure?: FailureClass;
    /** The problem that it is about, if that is not the failure itself. */
    readonly problem?: "reserve-reached";
    /** Whether the target is to be tried again at the end of the run; absent if not. */
    readonly willRetry?: true;
  };

/** Evidence that a listing was read to its end. */
export interface ListingCompleteness {
  /** Number of models that the API states; `null` if it states no number. */
  readonly apiCount: number | null;
  /** Number of models that the listing contained. */
  readonly seen: number;
  /** Why models are missing from the listing; `null` when none are. */
  readonly missing: string | null;
}
