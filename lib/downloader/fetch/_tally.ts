import { newKeyHint } from "../_check_key.ts";
import { DISK_CODE, formatCount, formatSize, type KitError } from "../../base/mod.ts";
import { classifyFailure, type FailureClass, FailureError, isRetryable } from "../../failsafe/mod.ts";
import type { CatalogItem, ItemKind, ItemState } from "../../library/mod.ts";
import type { DiskSpace, NoRoomError } from "./limits/disk_space.ts";
import type { DownloadEvent, ItemOutcome } from "../download_event.ts";
import type { FetchOptions } from "../settled_fetch.ts";
import type { FetchResult } from "./fetch_item.ts";
import { FlaggedError } from "../flagged_files.ts";
import type { FlaggedFile } from "../plan/report/plan_report.ts";
import { LeftOutItems } from "./_left_out.ts";
import type { FailedItem, RunSummary } from "./run_summary.ts";
import { SpeedMeter } from "../watch/speed_meter.ts";
import { targetOf } from "./target_of.ts";
import { toEventItem } from "../watch/to_event_item.ts";

const MAX_FAILED_SHOWN = 1000;
const MAX_FLAGGED_SHOWN = 100;
/** Maximum number of warnings about files that do not fit on the disk; without a limit, there could be thousands. */
const MAX_LEFT_OUT_REPORTED = 10;
/**
 * Time after which a listing may lead to another request for a file that the server refused, in milliseconds. Each
 * request costs one of the account's download links, and the answer rarely changes. Half a day less than a week, so that
 * a nightly job tries in the seventh night, even if it comes to the file a little earlier.
 */
const REFUSED_MS = 6.5 * 24 * 3_600_000;

/** Failures that are final for one item, with the outcome and the state that they lead to. */
const NAMED: Partial<Record<FailureClass, { readonly outcome: ItemOutcome; readonly state: ItemState }>> = {
  "early-access": { outcome: "early-access", state: "deferred" },
  login: { outcome: "login", state: "failed" },
  forbidden: { outcome: "forbidden", state: "refused" },
  archived: { outcome: "archived", state: "refused" },
  gone: { outcome: "removed", state: "refused" },
  disabled: { outcome: "disabled", state: "refused" },
  region: { outcome: "region", state: "refused" },
  flagged: { outcome: "flagged", state: "refused" },
  integrity: { outcome: "corrupted", state: "corrupted" },
};

/** Failures of a host that sends nothing. They say nothing about the file once the host sends bytes again. */
const SILENCE: ReadonlySet<FailureClass> = new Set<FailureClass>(["connection", "dns", "tls", "timeout", "stall"]);

/** An item for which a run no longer waits, since its host was silent for too long. */
interface GivenUpItem {
  /** What it waited for: a host, or what all items of its kind have in common. */
  readonly source: string;
  readonly atMs: number;
}

/** An item in progress. */
interface CurrentItem {
  readonly sinceMs: number;
  readonly kind: ItemKind;
  host: string | null;
}

/** Totals for the {@linkcode RunSummary}. Keeps only items that failed, do not fit on the disk or are in progress. */
export class Tally {
  readonly #retryable = new Set<string>();
  readonly #givenUp = new Map<string, GivenUpItem>();
  /** When bytes last arrived, by what an item waits for. */
  readonly #bytesAt = new Map<string, number>();
  readonly leftOut = new LeftOutItems();
  stopped: RunSummary["stopped"] = null;
  readonly #context: FetchOptions;
  readonly #meter: SpeedMeter;
  readonly #outcomes = new Map<ItemOutcome, number>();
  readonly #failed = new Map<string, FailedItem>();
  /** Outcome of every failed or corrupted item by key, including those beyond `MAX_FAILED_SHOWN`. */
  readonly #unsuccessful = new Map<string, ItemOutcome>();
  /** Start time and host of the items in progress, by key. */
  readonly #current = new Map<string, CurrentItem>();
  readonly #flagged: FlaggedFile[] = [];
  #resumedBytes = 0;
  #retries = 0;

  constructor(context: FetchOptions) {
    this.#meter = new SpeedMeter(context.clock);
    this.#context = context;
  }

  /**
   * List the items that may succeed in another pass: their failure may be temporary, or their host was silent and has
   * sent bytes since.
   */
  chooseRetryable(): ReadonlySet<string> {
    const isWell = ({ source, atMs }: GivenUpItem): boolean => (this.#bytesAt.get(source) ?? -Infinity) > atMs;
    const recovered = this.#givenUp.entries().filter(([, item]) => isWell(item)).map(([key]) => key);
    return new Set([...this.#retryable, ...recovered]);
  }

  /** Count bytes and retries of an event, and pass it on. */
  record(event: DownloadEvent): void {
    if (event.type === "bytes") {
      this.#meter.add(event.count);
      const current = this.#current.get(event.key);
      if (current !== undefined && event.count > 0) this.#noteBytes(current);
    }
    if (event.type === "retry") this.#retries++;
    if (event.type === "start" || event.type === "retry") {
      const current = this.#current.get(event.item.key);
      if (current !== undefined) current.host = event.host;
    }
    this.#context.onEvent(event);
  }

  /** Record the start of an item. */
  recordStart(item: CatalogItem): void {
    if (this.#retryable.has(item.key) || this.#givenUp.has(item.key)) this.#retries++;
    this.#current.set(item.key, { sinceMs: this.#context.clock.monotonic(), kind: item.kind, host: null });
  }

  recordEnd(item: CatalogItem, result: FetchResult): void {
    this.leftOut.delete(item.key);
    this.#forgetFailure(item.key);
    this.#count(result.outcome);
    if (result.flag !== undefined) this.#flag(item.path, result.flag);
    this.#resumedBytes += result.resumedBytes;
    this.#reportEnd(item, { outcome: result.outcome, bytes: item.actualBytes ?? 0, error: null });
  }

  recordFailure(item: CatalogItem, error: KitError): void {
    const failure = classifyFailure(error);
    // A refusal by a breaker has the failure class of other files, which says nothing about this one.
    const isRefused = error instanceof FailureError && error.refusedBy !== undefined;
    const named = isRefused ? undefined : NAMED[failure];
    const { outcome, state } = named ?? { outcome: "failed", state: "failed" } as const;
    const until = error instanceof FailureError && error.until !== undefined ? Date.parse(error.until) : null;
    const marked = outcome === "early-access" && until === null ? "refused" : state;
    this.#context.library.catalog.mark(item.key, {
      state: marked,
      outcome,
      reason: error.message,
      notBefore: until ?? (marked === "refused" ? this.#nextRequest(item, outcome) : null),
      attempts: item.attempts + 1,
    });
    this.leftOut.delete(item.key);
    const isTransient = outcome === "failed" && isRetryable(error);
    this.#forgetRetry(item.key);
    if (isTransient) this.#retryable.add(item.key);
    else if (outcome === "failed" && (isRefused || SILENCE.has(failure))) {
      const source = this.#current.get(item.key)?.host ?? (isRefused ? error.refusedBy : undefined);
      this.#givenUp.set(item.key, {
        source: source ?? commonSource(item.kind),
        atMs: this.#context.clock.monotonic(),
      });
    }
    if (error instanceof FlaggedError) this.#flag(item.path, error.reason);
    const isUnsuccessful = state === "failed" || state === "corrupted";
    if (isUnsuccessful) this.#unsuccessful.set(item.key, outcome);
    else {
      this.#failed.delete(item.key);
      this.#unsuccessful.delete(item.key);
      this.#count(outcome);
    }
    if (isUnsuccessful && (this.#failed.size < MAX_FAILED_SHOWN || this.#failed.has(item.key))) {
      this.#failed.set(item.key, {
        key: item.key,
        target: targetOf(item),
        path: item.path,
        failure,
        message: error.message,
      });
    }
    this.#reportEnd(item, { outcome, bytes: 0, error });
  }

  /** Take back the failure of an item that had another cause: the item is planned again. */
  withdrawFailure(key: string): void {
    if (!this.#unsuccessful.has(key)) return;
    this.#forgetFailure(key);
    this.#context.library.catalog.mark(key, { state: "planned", outcome: null, reason: null });
  }

  /** Record that the disk has no room for an item; the item keeps its state. */
  recordLeftOut(item: CatalogItem, error: NoRoomError): void {
    this.#current.delete(item.key);
    // If it failed in an earlier pass, that is not what keeps it from the library now.
    this.#forgetFailure(item.key);
    const isNew = this.leftOut.add(item, error);
    if (isNew && this.leftOut.count <= MAX_LEFT_OUT_REPORTED) {
      // The disk works; it is the reserve that leaves no room.
      const problem = "reserve-reached";
      this.#context.onEvent({ type: "warning", message: error.message, failure: "disk", problem });
    }
  }

  /** Why files are missing at the end of the queue; `null` if the disk had room for all. */
  lackOfRoom(space: DiskSpace): RunSummary["stopped"] {
    const { count, bytes, neededBytes } = this.leftOut;
    if (count === 0) return null;
    const missingBytes = neededBytes - space.roomBytes();
    const remedy = missingBytes > 0 && missingBytes < Infinity
      ? `Free at least ${formatSize(missingBytes)}, or lower`
      : "Free some space, or lower";
    const what = formatCount(count, "file");
    const state = "the disk has no room; the run continued with the files that fit";
    const message = `Cannot fetch ${what} (${formatSize(bytes)}): ${state}. ${space.describe()}`;
    return { code: DISK_CODE, message, hint: `${remedy} --reserve; run again to continue`, neededBytes };
  }

  summary(): RunSummary {
    const { bytes, ...speed } = this.#meter.read();
    const failed = [...this.#failed.values()];
    const outcomes: Partial<Record<ItemOutcome, number>> = Object.fromEntries(this.#outcomes);
    for (const outcome of this.#unsuccessful.values()) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    return {
      outcomes,
      fetchedBytes: bytes,
      resumedBytes: this.#resumedBytes,
      ...speed,
      retries: this.#retries,
      failed,
      flagged: [...this.#flagged],
      keyHint: newKeyHint(this.#context.client),
      stopped: this.stopped,
    };
  }

  /** When a refused item may be requested again; `null` for the next run that plans it. */
  #nextRequest({ kind, doneAt }: CatalogItem, outcome: ItemOutcome): number | null {
    // Only files cost links; what the library had is missed in every run; early access and flags are for the plan to
    // judge, with the choice of each run.
    const isHeldBack = kind === "file" && doneAt === null && outcome !== "early-access" && outcome !== "flagged";
    return isHeldBack ? Math.ceil(this.#context.clock.now()) + REFUSED_MS : null;
  }

  #noteBytes({ host, kind }: CurrentItem): void {
    const now = this.#context.clock.monotonic();
    if (host !== null) this.#bytesAt.set(host, now);
    this.#bytesAt.set(commonSource(kind), now);
  }

  #forgetRetry(key: string): void {
    this.#retryable.delete(key);
    this.#givenUp.delete(key);
  }

  #forgetFailure(key: string): void {
    this.#forgetRetry(key);
    this.#failed.delete(key);
    this.#unsuccessful.delete(key);
  }

  #flag(path: string, reason: string): void {
    if (this.#flagged.length < MAX_FLAGGED_SHOWN) this.#flagged.push({ path, reason });
  }

  #count(outcome: ItemOutcome): void {
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
  }

  #reportEnd(
    item: CatalogItem,
    end: { readonly outcome: ItemOutcome; readonly bytes: number; readonly error: KitError | null },
  ): void {
    const { outcome, bytes, error } = end;
    const failure = error === null ? null : classifyFailure(error);
    const refusedBy = error instanceof FailureError ? error.refusedBy : undefined;
    const nowMs = this.#context.clock.monotonic();
    const { host, sinceMs } = this.#current.get(item.key) ?? { host: null, sinceMs: nowMs };
    this.#current.delete(item.key);
    this.#context.onEvent({
      type: "end",
      item: toEventItem(item),
      host: host ?? refusedBy ?? null,
      outcome,
      bytes,
      ...item.sizeBytes === null ? {} : { sizeBytes: item.sizeBytes },
      durationMs: Math.round(nowMs - sinceMs),
      failure,
      message: error?.message ?? null,
      ...refusedBy === undefined ? {} : { refusedBy },
    });
  }
}

/** What items of a kind wait for whose host is not known: models and images come from different hosts. */
function commonSource(kind: ItemKind): string {
  return kind === "file" ? "files" : "images";
}
