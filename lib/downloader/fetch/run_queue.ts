import { join } from "node:path";
import { type Clock, DISK_CODE, KitError } from "../../base/mod.ts";
import { classifyFailure, type FailureClass, RETRY_POLICY } from "../../failsafe/mod.ts";
import {
  type CatalogItem,
  type ItemFilter,
  type ItemKind,
  type ItemState,
  prepareDescriptions,
} from "../../library/mod.ts";
import { bytesInPart } from "./_bytes_in_part.ts";
import { NoRoomError } from "./limits/disk_space.ts";
import type { Library } from "../open_library.ts";
import { beginFetch, type FetchOptions, type SettledFetch } from "../settled_fetch.ts";
import { type ItemQueue, queueBySize, type QueueEnd, queueInOrder } from "./_item_queue.ts";
import { isUntouched } from "../plan/plan_item.ts";
import { dueSidecars, settleDueSidecars } from "../plan/removal_notes.ts";
import { ProfileSlots } from "../arms/profile_slots.ts";
import { NO_ROOM, runInArm } from "../arms/run_in_arm.ts";
import { type ItemRun, runItem } from "./_run_item.ts";
import { type RunSummary, toStop } from "./run_summary.ts";
import { relocateSidecars } from "../sidecars/relocate_sidecars.ts";
import { SidecarWriter } from "../sidecars/sidecar_writer.ts";
import { Tally } from "./_tally.ts";
import { warmUp } from "./_warm_up.ts";
import { writeImagesMetadata } from "../sidecars/write_images_metadata.ts";
import { writeItemSidecars } from "../sidecars/write_item_sidecars.ts";

/** Options of {@linkcode runQueue}. */
export interface RunQueueOptions {
  /** Fetch only items that this run planned; without it, all unfinished items. */
  readonly runId?: number | undefined;
  /** Bytes that must stay free on the disk. */
  readonly reserveBytes: number;
  /** Whether each version of a model has its own folder. */
  readonly hasVersionFolders: boolean;
  /**
   * Whether flagged files are fetched to `quarantine/` instead of being refused.
   *
   * @default {false}
   */
  readonly allowFlagged?: boolean | undefined;
  /**
   * Called at the end of the queue, unless the deadline has passed: plans what could not be planned before. What it adds
   * is fetched as well.
   */
  readonly planAgain?: (() => Promise<void>) | undefined;
  /** Time of the monotonic clock, in milliseconds, after which no new file starts; no limit if absent. */
  readonly deadline?: number | undefined;
}

/** Number of passes in which an item is tried whose failure may be temporary, or whose host was silent. */
const PASSES = RETRY_POLICY.file.passes;
/**
 * The run ends after this many consecutive host failures, or after twice the number of connections if that is more,
 * since the next item would fail too. It continues if a file succeeded within `RECENT_MS`.
 */
const MIN_HOST_FAILURES = 5;
/** A file that succeeded within this time, in milliseconds, proves that the service is up. */
const RECENT_MS = 60_000;
/** Failures of a host rather than of one file. */
const HOST_FAILURES: ReadonlySet<FailureClass> = new Set<FailureClass>([
  "connection",
  "dns",
  "tls",
  "timeout",
  "stall",
  "server",
  "unusable",
  "throttled",
  "tripped",
]);
const PENDING: readonly ItemState[] = ["planned", "failed", "deferred", "corrupted"];
const IMAGE_KINDS: readonly ItemKind[] = ["preview", "gallery", "image"];

/**
 * Fetch the planned items: one after another, or as many at once as the profile has connections to a host. Models and
 * images are fetched alongside each other, since they come from different hosts. A failing item does not stop the
 * others, unless the service or the disk has failed. Items whose failure may be temporary are retried at the end, and so
 * are items whose host was silent, if it has sent bytes since, and those that found no room on the disk, if there is room
 * by then.
 *
 * @param fetchOptions Dependencies and settings
 * @param options Which items to fetch, and limits
 * @returns Outcomes, failures and speed; `stopped` contains the reason for an interruption or a safety stop
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openEngine, openLibrary, runQueue } from "@civitai-dl/civitai-dl/downloader";
 *
 * const folder = await Deno.makeTempDir();
 * await using cleanup = new AsyncDisposableStack();
 * cleanup.defer(() => Deno.remove(folder, { recursive: true }));
 * using library = await openLibrary(folder, { command: "example" });
 * using engine = openEngine({ library });
 * const { signal } = new AbortController();
 * const summary = await runQueue({ ...engine, signal }, { reserveBytes: 0, hasVersionFolders: true });
 * // Nothing is planned, so nothing is fetched.
 * assertEquals([summary.outcomes, summary.stopped], [{}, null]);
 * ```
 */
export async function runQueue(fetchOptions: FetchOptions, options: RunQueueOptions): Promise<RunSummary> {
  const { reserveBytes, allowFlagged = false } = options;
  const tally = new Tally(fetchOptions);
  // Aborts with the error that ends the run, so that no other item goes on.
  const stop = new AbortController();
  const context = beginFetch({
    ...fetchOptions,
    onEvent: (event) => tally.record(event),
    signal: AbortSignal.any([fetchOptions.signal, stop.signal]),
  }, { allowFlagged, reserveBytes });
  const sidecars = new SidecarWriter(context, options);
  const slots = new ProfileSlots();
  // Warming up only saves time: the queue meets the same failures and reports them.
  const warming = warmUp(context, { runId: options.runId, states: ["planned"] }).catch(() => {});
  try {
    context.mode.assertRunning();
    await relocateSidecars(context.library, { durable: context.line.durable, signal: context.signal });
    if (hasPendingFiles(context, options)) await prepareDescriptions();
    const run: Run = { tally, sidecars, slots, stop };
    await runPasses(context, options, run);
    const added = await planMore(context, options);
    if (added.size > 0) await runPasses(context, options, { ...run, only: added });
    await writeDueSidecars(context, options);
    await writeImagesMetadata(context.library, { runId: options.runId, durable: context.line.durable });
    tally.stopped = tally.lackOfRoom(context.space);
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    tally.stopped = toStop(error);
  } finally {
    stop.abort();
    await warming;
  }
  return tally.summary();
}

function hasPendingFiles({ library: { catalog } }: SettledFetch, { runId }: RunQueueOptions): boolean {
  return catalog.items({ runId, kinds: ["file"], states: PENDING }).next().done !== true;
}

/** What all passes of a run share. */
interface Run {
  readonly tally: Tally;
  readonly sidecars: SidecarWriter;
  readonly slots: ProfileSlots;
  /** Stops the items under way. */
  readonly stop: AbortController;
  /** Keys of the items to fetch; all by default. */
  readonly only?: ReadonlySet<string> | undefined;
}

interface Pass extends Run {
  /** 1 for the first pass. */
  readonly number: number;
  /** Items of a later pass. */
  readonly retry?: Retry | undefined;
}

/** Items that another pass tries again. */
interface Retry {
  /** Items whose failure may be temporary. */
  readonly failed: ReadonlySet<string>;
  /** Items that had no room on the disk. */
  readonly leftOut: ReadonlySet<string>;
  /** Whether they are fetched one after another. */
  readonly isOneByOne: boolean;
}

/** Plan what could not be planned before; returns the keys of the items that this adds to the queue. */
async function planMore(context: SettledFetch, options: RunQueueOptions): Promise<ReadonlySet<string>> {
  const { clock, library: { catalog } } = context;
  const { runId, deadline = Infinity, planAgain } = options;
  if (planAgain === undefined || clock.monotonic() > deadline) return new Set();
  const keys = () => new Set(catalog.items({ runId, states: PENDING, dueBefore: clock.now() }).map(({ key }) => key));
  const before = keys();
  await planAgain();
  return keys().difference(before);
}

/** Process the whole queue, and then again what may succeed now. */
async function runPasses(context: SettledFetch, options: RunQueueOptions, run: Run): Promise<void> {
  let retry: Retry | undefined;
  for (let number = 1;; number++) {
    await runPass(context, options, { ...run, number, retry });
    retry = chooseRetry(context, run, number);
    const { failed, leftOut } = retry;
    if (failed.size + leftOut.size === 0) return;
    context.onEvent({ type: "pass", number: number + 1, remaining: failed.size, leftOut: leftOut.size });
  }
}

function chooseRetry({ space }: SettledFetch, { tally, only }: Run, number: number): Retry {
  const { leftOut } = tally;
  const retryable = number < PASSES ? tally.chooseRetryable() : new Set<string>();
  const failed = only === undefined ? retryable : retryable.intersection(only);
  const roomBytes = leftOut.count === 0 ? 0 : space.roomBytes();
  const sized = leftOut.chooseSized(roomBytes);
  if (failed.size + sized.size > 0) return { failed, leftOut: sized, isOneByOne: false };
  return { failed, leftOut: leftOut.chooseOutgrown(roomBytes), isOneByOne: true };
}

/** Process each item once. */
async function runPass(context: SettledFetch, options: RunQueueOptions, pass: Pass): Promise<void> {
  const streak = new FailureStreak(Math.max(MIN_HOST_FAILURES, 2 * context.profile.connections), context.clock);
  const { retry, only, stop, tally, sidecars } = pass;
  let isClosing = false;
  const work = async ({ queue, end }: Worker): Promise<void> => {
    try {
      for (;;) {
        const item = isClosing ? null : queue.take(end);
        if (item === null) return;
        context.signal.throwIfAborted();
        if (retry === undefined && only?.has(item.key) === false) continue;
        if (retry !== undefined && !retry.failed.has(item.key) && !retry.leftOut.has(item.key)) continue;
        assertBeforeDeadline(context, options);
        context.mode.assertRunning();
        const failure = await runInArm(context, item, {
          slots: pass.slots,
          isLastTry: pass.number >= PASSES,
          run: (terms, onFailure) => runWithRoom(context, item, { tally, sidecars, terms, onFailure }),
        });
        if (failure === NO_ROOM) continue;
        // Of files that failed before, `unusable` responses in a row say nothing about the service.
        if (failure === "unusable" && retry?.failed.has(item.key)) continue;
        streak.record(failure);
      }
    } catch (error) {
      isClosing = true;
      if (!stopsGracefully(error)) stop.abort(error);
      throw error;
    }
  };
  const ended = await Promise.allSettled(listWorkers(context, options, pass).map(work));
  const written = await Promise.allSettled([sidecars.flush()]);
  const failed = [...ended, ...written].find((result) => result.status === "rejected");
  if (failed !== undefined) throw stop.signal.aborted ? stop.signal.reason : failed.reason;
}

/** Run an item if the disk has room for it. An item that does not fit stays planned; smaller items may still fit. */
async function runWithRoom(
  context: SettledFetch,
  item: CatalogItem,
  run: ItemRun,
): Promise<FailureClass | null | typeof NO_ROOM> {
  const { space } = context;
  try {
    const keptBytes = item.sizeBytes === null ? 0 : await bytesInPart(join(context.library.root, item.path));
    space.claim(item, keptBytes);
    return await runItem(context, item, run);
  } catch (error) {
    if (!(error instanceof NoRoomError)) throw await wrapDiskError(error, context.library);
    run.tally.recordLeftOut(item, error);
    return NO_ROOM;
  } finally {
    space.release(item.key);
  }
}

/** Add a hint to a disk error. Return any other error unchanged. */
async function wrapDiskError(error: unknown, library: Library): Promise<unknown> {
  if (!(error instanceof Error) || classifyFailure(error) !== "disk") return error;
  await library.assertPresent();
  const hint = "Check free space and permissions; run again to continue";
  return new KitError(DISK_CODE, `Stopped: ${error.message}`, { hint, cause: error });
}

interface Worker {
  readonly queue: ItemQueue;
  readonly end: QueueEnd;
}

/**
 * List the workers, each with the queue that it takes items from. Their number does not shrink when the failsafe selects
 * a more careful profile: that profile limits the connections per host, and a file that waits for its next attempt
 * leaves its connection to another one.
 */
function listWorkers(context: SettledFetch, options: RunQueueOptions, { retry }: Pass): readonly Worker[] {
  const { library: { catalog }, clock, profile } = context;
  const filter: ItemFilter = { runId: options.runId, states: PENDING, dueBefore: clock.now() };
  if (profile.connections === 1 || retry?.isOneByOne) return [{ queue: queueInOrder(catalog, filter), end: "large" }];
  const files = queueBySize(catalog, { ...filter, kinds: ["file"] });
  const images = queueInOrder(catalog, { ...filter, kinds: IMAGE_KINDS });
  return Array.from({ length: profile.connections }, (_, index): Worker[] => [
    { queue: files, end: index === 0 ? "small" : "large" },
    { queue: images, end: "large" },
  ]).flat();
}

/**
 * Whether files in progress may finish after this error: a deadline or a quota only prevents new ones from starting.
 */
function stopsGracefully(error: unknown): boolean {
  return (error instanceof KitError && error.code === "inconclusive") || classifyFailure(error) === "quota";
}

function assertBeforeDeadline({ clock }: SettledFetch, { deadline }: RunQueueOptions): void {
  if (deadline === undefined || clock.monotonic() <= deadline) return;
  throw new KitError("inconclusive", "Stopped: --max-time has passed");
}

/**
 * Ends a run when the service is down. If only one of several hosts is down, files from the others reset the streak.
 */
class FailureStreak {
  readonly #max: number;
  readonly #clock: Clock;
  #length = 0;
  #succeededAt = -Infinity;

  constructor(max: number, clock: Clock) {
    this.#max = max;
    this.#clock = clock;
  }

  record(failure: FailureClass | null): void {
    const now = this.#clock.monotonic();
    if (failure === null) this.#succeededAt = now;
    this.#length = failure !== null && HOST_FAILURES.has(failure) ? this.#length + 1 : 0;
    if (this.#length < this.#max || now - this.#succeededAt < RECENT_MS) return;
    const hint = "Check the network, or wait until the service recovers; run again to continue";
    throw new KitError(
      "network",
      `Stopped: ${this.#length} consecutive files failed because the service is unavailable (${failure})`,
      { hint },
    );
  }
}

/** Write the sidecars that a killed run did not write, and those whose version or preview has changed since. */
async function writeDueSidecars(context: SettledFetch, options: RunQueueOptions): Promise<void> {
  const { library } = context;
  const missing = { runId: options.runId, states: ["done"], kinds: ["file"], lacksSidecars: true } as const;
  for (const item of library.catalog.items(missing)) {
    context.signal.throwIfAborted();
    await writeItemSidecars(library, [item], { ...options, durable: context.line.durable });
  }
  // No run plans what the site no longer has, whose sidecars say so.
  for (const key of dueSidecars(library.catalog)) {
    context.signal.throwIfAborted();
    const item = library.catalog.item(key);
    // A file that is missing may be on a disk that comes back.
    if (item?.state === "done" && !isUntouched(context, item)) continue;
    if (item?.state === "done" && item.sidecarDigest === null) {
      await writeItemSidecars(library, [item], { ...options, durable: context.line.durable });
    }
    settleDueSidecars(library.catalog, key);
  }
}
