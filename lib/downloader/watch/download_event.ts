import type { UnreadableEntry } from "../../civitai/mod.ts";
import type { BreakerCause, FailureClass } from "../../failsafe/mod.ts";
import type { CatalogItem } from "../../library/mod.ts";
import type { ExpectedRequests } from "../plan/expect_requests.ts";

/** The part of an item that events tell: no URL. */
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
  | "failed"
  | "quarantined";

/** What a run tells while it works: for progress, `--events` and the log. */
export type DownloadEvent =
  | { readonly type: "target"; readonly target: string }
  /** Before a listing of known length is asked for. */
  | ({ readonly type: "expect"; readonly target: string } & ExpectedRequests)
  | { readonly type: "page"; readonly target: string; readonly models: number; readonly files: number }
  | { readonly type: "listed"; readonly target: string; readonly listing: ListingProof }
  | { readonly type: "plan"; readonly files: number; readonly bytes: number }
  | {
    readonly type: "start";
    readonly item: EventItem;
    /** Where the bytes come from, with its port if there is one. */
    readonly host: string | null;
    readonly totalBytes: number;
    readonly resumedBytes: number;
  }
  | { readonly type: "bytes"; readonly key: string; readonly count: number }
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
    readonly type: "limit";
    readonly host: string;
    readonly from: number;
    readonly to: number;
    readonly reason: string;
  }
  | { readonly type: "mode"; readonly from: string; readonly to: string; readonly reason: string }
  | {
    readonly type: "breaker";
    readonly key: string;
    readonly from: string;
    readonly to: string;
    readonly reason: string;
    /** What keeps calls from being made; `null` when nothing does. */
    readonly cause?: BreakerCause | null;
    /** How long nothing is let through; 0 unless it is open. */
    readonly retryInMs?: number;
  }
  | {
    readonly type: "wait";
    /** What nothing is asked of until the failsafe lets a try through. */
    readonly host: string;
    readonly waitMs: number;
    /** Why, in words that follow the host's name. */
    readonly reason: string;
  }
  | { readonly type: "restart"; readonly item: EventItem; readonly reason: string; readonly lostBytes: number }
  | {
    readonly type: "end";
    readonly item: EventItem;
    readonly host: string | null;
    readonly outcome: ItemOutcome;
    readonly bytes: number;
    /** Since its turn came in this run, waits and retries included. */
    readonly durationMs: number;
    readonly failure: FailureClass | null;
    readonly message: string | null;
    /** The key of the breaker that let no request through for it; absent when the last one was sent. */
    readonly refusedBy?: string;
  }
  | { readonly type: "pass"; readonly number: number; readonly remaining: number }
  | {
    readonly type: "unreadable";
    /** Whose listing, or which model. */
    readonly target: string;
    readonly kind: UnreadableEntry["kind"];
    readonly name: string;
    readonly reason: string;
  }
  | {
    readonly type: "api-retry";
    /** What was asked, such as `list models`. */
    readonly what: string;
    readonly attempt: number;
    readonly waitMs: number;
    readonly failure: string;
  }
  | {
    readonly type: "summary";
    /** How everything that was asked for ended. */
    readonly counts: Readonly<Partial<Record<ItemOutcome, number>>>;
    readonly fetchedBytes: number;
    readonly resumedBytes: number;
    readonly durationMs: number;
    readonly retries: number;
  }
  | {
    readonly type: "warning";
    readonly message: string;
    /** The target that cannot be planned; it is a problem of the plan as well. */
    readonly target?: string;
  };

/** The proof that a listing was read to its end. */
export interface ListingProof {
  /** What the API counts; `null` when it does not say. */
  readonly apiCount: number | null;
  /** What we saw. */
  readonly seen: number;
  /** Why the two differ. */
  readonly missing: string | null;
}
