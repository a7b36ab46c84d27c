import { freeSpace, KitError } from "../base/mod.ts";
import { classifyFailure, type FailureClass, FailureError, isRetryable, wrapFailure } from "../failsafe/mod.ts";
import type { CatalogItem, ItemState } from "../library/mod.ts";
import type { DownloadEvent, ItemOutcome } from "./download_event.ts";
import { type FetchContext, fetchItem, type FetchResult } from "./fetch_item.ts";
import type { FailedItem, RunSummary } from "./run_summary.ts";
import { SpeedMeter } from "./_speed_meter.ts";
import { targetOf } from "./target_of.ts";
import { toEventItem } from "./to_event_item.ts";
import { writeImagesMetadata } from "./write_images_metadata.ts";
import { writeItemSidecars } from "./write_item_sidecars.ts";

/** Options of {@linkcode runQueue}. */
export interface RunQueueOptions {
  /** Only items that this run planned; without it, all that is unfinished. */
  readonly runId?: number | undefined;
  /** Bytes of the disk that are never used. */
  readonly reserveBytes: number;
  /** Whether each version has a folder of its own. */
  readonly hasOwnFolders: boolean;
  /** No new file is begun after this moment, by the monotonic clock. */
  readonly deadline?: number | undefined;
}

/** How often what failed for a passing reason is tried again at the end of the queue. */
const PASSES = 3;
/** So many items in a row that fail for want of a network end the run: the next would fail too. */
const MAX_NETWORK_FAILURES = 5;
const MAX_FAILED_SHOWN = 1000;

/** Failures that say something final about one item, and how they are called. */
const NAMED: Partial<Record<FailureClass, { readonly outcome: ItemOutcome; readonly state: ItemState }>> = {
  "early-access": { outcome: "early-access", state: "deferred" },
  login: { outcome: "login", state: "failed" },
  forbidden: { outcome: "forbidden", state: "refused" },
  archived: { outcome: "archived", state: "refused" },
  gone: { outcome: "removed", state: "refused" },
  disabled: { outcome: "disabled", state: "refused" },
  region: { outcome: "region", state: "refused" },
  integrity: { outcome: "quarantined", state: "quarantined" },
};

/**
 * Fetch what the plan says, one file after another. One failing item never stops the others; what failed for a passing
 * reason is tried again at the end.
 *
 * @param caller What fetching needs
 * @param options Which items, and the limits
 * @returns What happened; an interruption or a safety stop is told in `stopped`
 */
export async function runQueue(caller: FetchContext, options: RunQueueOptions): Promise<RunSummary> {
  const tally = new Tally(caller);
  const context: FetchContext = { ...caller, onEvent: (event) => tally.see(event) };
  try {
    for (let pass = 1; pass <= PASSES; pass++) {
      const again = await runPass(context, options, { tally, pass });
      if (again === 0) break;
      if (pass < PASSES) context.onEvent({ type: "pass", number: pass + 1, remaining: again });
    }
    await writeMissingSidecars(context, options);
    await writeImagesMetadata(context.library, { runId: options.runId });
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    tally.stopped = { code: error.code, message: error.message, hint: error.hint ?? null };
  }
  return tally.summary();
}

async function runPass(
  context: FetchContext,
  options: RunQueueOptions,
  round: { readonly tally: Tally; readonly pass: number },
): Promise<number> {
  const { library: { catalog }, clock, signal } = context;
  const { tally, pass } = round;
  const isFirst = pass === 1;
  const states: readonly ItemState[] = isFirst ? ["planned", "failed", "deferred", "quarantined"] : ["failed"];
  const filter = { runId: options.runId, states, dueBefore: clock.now() };
  let again = 0;
  let networkFailures = 0;
  for (const item of catalog.items(filter)) {
    signal.throwIfAborted();
    if (!isFirst && !tally.retryable.has(item.key)) continue;
    if (options.deadline !== undefined && clock.monotonic() > options.deadline) {
      throw new KitError("inconclusive", "Stopped: --max-time has passed", { hint: "Run again to go on" });
    }
    await assertSpace(context, item, options.reserveBytes);
    const failure = await runItem(context, item, { tally, options });
    if (failure !== null && tally.retryable.has(item.key)) again++;
    networkFailures = failure !== null && HOST_FAILURES.has(failure) ? networkFailures + 1 : 0;
    if (networkFailures >= MAX_NETWORK_FAILURES) {
      throw new KitError(
        "network",
        `Stopped: ${networkFailures} files in a row found no service that answers (${failure})`,
        {
          hint: "Check the network, or wait until the service is well; run again to go on",
        },
      );
    }
  }
  return again;
}

interface ItemRun {
  readonly tally: Tally;
  readonly options: RunQueueOptions;
}

async function runItem(context: FetchContext, item: CatalogItem, run: ItemRun): Promise<FailureClass | null> {
  const { library: { catalog, root }, signal } = context;
  try {
    const result = await fetchItem(context, item);
    const row = catalog.item(item.key)!;
    if (row.kind === "file") {
      await writeItemSidecars(context.library, row, {
        hasOwnFolder: run.options.hasOwnFolders,
        onKept: (path, reason) => context.onEvent({ type: "warning", message: `Left "${path}" as it is: ${reason}` }),
      });
    }
    if (row.kind === "preview") forgetSidecars(context, row);
    run.tally.ended(row, result);
    return null;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const wrapped = wrapFailure(error, `Cannot fetch "${item.path}"`);
    const failure = classifyFailure(wrapped);
    if (failure === "disk") throw await explainDisk(wrapped, root);
    if (failure === "quota") throw wrapped;
    if (!(wrapped instanceof KitError)) throw wrapped;
    run.tally.failed(item, wrapped);
    return failure;
  }
}

/** Sidecars name the preview, which comes after the file they stand beside: they are written again at the end. */
function forgetSidecars(context: FetchContext, preview: CatalogItem): void {
  const { catalog } = context.library;
  if (preview.modelId === null) return;
  for (const item of catalog.items({ modelId: preview.modelId, kinds: ["file"], states: ["done"] })) {
    if (item.versionId === preview.versionId) catalog.setSidecarDigest(item.key, null);
  }
}

/** What a run adds up; only the keys of failed items are kept. */
class Tally {
  readonly retryable = new Set<string>();
  stopped: RunSummary["stopped"] = null;
  readonly #context: FetchContext;
  readonly #meter: SpeedMeter;
  readonly #outcomes = new Map<ItemOutcome, number>();
  readonly #failed = new Map<string, FailedItem>();
  #resumedBytes = 0;
  #retries = 0;

  constructor(context: FetchContext) {
    this.#meter = new SpeedMeter(context.clock);
    this.#context = context;
  }

  /** Count what events tell, and pass them on. */
  see(event: DownloadEvent): void {
    if (event.type === "bytes") this.#meter.count(event.count);
    if (event.type === "retry") this.#retries++;
    this.#context.onEvent(event);
  }

  ended(item: CatalogItem, result: FetchResult): void {
    this.retryable.delete(item.key);
    this.#failed.delete(item.key);
    this.#count(result.outcome);
    this.#resumedBytes += result.resumedBytes;
    this.#tell(item, { outcome: result.outcome, bytes: item.actualBytes ?? 0, error: null });
  }

  failed(item: CatalogItem, error: KitError): void {
    const failure = classifyFailure(error);
    const { outcome, state } = NAMED[failure] ?? { outcome: "failed", state: "failed" } as const;
    const until = error instanceof FailureError && error.until !== undefined ? Date.parse(error.until) : null;
    this.#context.library.catalog.mark(item.key, {
      state: outcome === "early-access" && until === null ? "refused" : state,
      outcome,
      reason: error.message,
      notBefore: until,
      attempts: item.attempts + 1,
    });
    const isPassing = outcome === "failed" && isRetryable(error);
    if (isPassing) this.retryable.add(item.key);
    else this.retryable.delete(item.key);
    const isOurs = state === "failed" || state === "quarantined";
    if (!isOurs) this.#count(outcome);
    else if (this.#failed.size < MAX_FAILED_SHOWN || this.#failed.has(item.key)) {
      this.#failed.set(item.key, {
        key: item.key,
        target: targetOf(item),
        path: item.path,
        failure,
        message: error.message,
      });
    }
    this.#tell(item, { outcome, bytes: 0, error });
  }

  summary(): RunSummary {
    const { bytes, ...speed } = this.#meter.read();
    const failed = [...this.#failed.values()];
    const outcomes: Partial<Record<ItemOutcome, number>> = Object.fromEntries(this.#outcomes);
    for (const item of failed) {
      const outcome = NAMED[item.failure]?.outcome ?? "failed";
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    return {
      outcomes,
      fetchedBytes: bytes,
      resumedBytes: this.#resumedBytes,
      ...speed,
      retries: this.#retries,
      failed,
      stopped: this.stopped,
    };
  }

  #count(outcome: ItemOutcome): void {
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
  }

  #tell(
    item: CatalogItem,
    end: { readonly outcome: ItemOutcome; readonly bytes: number; readonly error: KitError | null },
  ): void {
    const { outcome, bytes, error } = end;
    const failure = error === null ? null : classifyFailure(error);
    this.#context.onEvent({
      type: "end",
      item: toEventItem(item),
      outcome,
      bytes,
      failure,
      message: error?.message ?? null,
    });
  }
}

/** Failures of a host rather than of one file. */
const HOST_FAILURES: ReadonlySet<FailureClass> = new Set<FailureClass>([
  "connection",
  "dns",
  "tls",
  "timeout",
  "stall",
  "server",
  "throttled",
]);

async function assertSpace(context: FetchContext, item: CatalogItem, reserveBytes: number): Promise<void> {
  const { root } = context.library;
  const free = await freeSpace(root);
  if (free - (item.sizeBytes ?? 0) >= reserveBytes) return;
  throw new KitError(
    "unsafe",
    `Stopped before "${item.path}": ${free} bytes are free, and ${reserveBytes} stay in reserve`,
    {
      hint: "Free some space, or lower --reserve; run again to go on",
    },
  );
}

async function explainDisk(error: unknown, root: string): Promise<KitError> {
  const message = error instanceof Error ? error.message : String(error);
  const exists = await Deno.stat(root).then(() => true, () => false);
  const hint = exists ? "Check free space and permissions; run again to go on" : `"${root}" is gone: mount it again`;
  return new KitError("unsafe", `Stopped: ${message}`, { hint, cause: error });
}

/** Sidecars that a kill kept from being written, and those of versions that were edited since. */
async function writeMissingSidecars(context: FetchContext, options: RunQueueOptions): Promise<void> {
  const { library } = context;
  for (const item of library.catalog.items({ runId: options.runId, states: ["done"], kinds: ["file"] })) {
    context.signal.throwIfAborted();
    if (item.sidecarDigest !== null) continue;
    await writeItemSidecars(library, item, { hasOwnFolder: options.hasOwnFolders });
  }
}
