import { join } from "node:path";
import { toEventItem } from "../watch/to_event_item.ts";
import type { Library } from "../open_library.ts";
import { KitError, statSyncOrNull } from "../../base/mod.ts";
import { classifyFailure, type FailureClass, FailureError, wrapFailure } from "../../failsafe/mod.ts";
import { type CatalogItem, isInnerPath } from "../../library/mod.ts";
import { NoRoomError } from "../fetch/limits/disk_space.ts";
import { isKnownDamage, wasDone } from "../verify/broken_marks.ts";
import { checkKey, newKeyHint } from "../_check_key.ts";
import { beginFetch, type FetchOptions, type SettledFetch } from "../settled_fetch.ts";
import { type ItemRepair, repairItem } from "./_repair_item.ts";
import { PausedError } from "../fetch/limits/paused_error.ts";
import { type FailedItem, type RunSummary, toStop } from "../fetch/run_summary.ts";

/** Progress of {@linkcode repairLibrary}. */
export interface RepairProgress {
  /** Files that were repaired or failed so far. */
  readonly files: number;
  /** Files that were broken, or perhaps broken, or put aside as corrupt, when the repair began. */
  readonly totalFiles: number;
  /** The file that the repair starts on or has just finished, relative to the library. */
  readonly path: string;
}

/** Options of {@linkcode repairLibrary}. */
export interface RepairOptions {
  /**
   * Bytes that must stay free on the disk.
   *
   * @default {0}
   */
  readonly reserveBytes?: number | undefined;
  /** Ids of the models whose files are repaired; absent for all files. */
  readonly modelIds?: readonly number[] | undefined;
  /** Called before and after each file; received bytes are reported as events of the context. */
  readonly onProgress?: ((progress: RepairProgress) => void) | undefined;
}

/** Result of {@linkcode repairLibrary}. */
export interface RepairSummary {
  /** Files that were broken, or perhaps broken, or put aside as corrupt, when the repair began. */
  readonly files: number;
  /** Files that turned out to be intact. */
  readonly intact: number;
  /** Files of which only bad blocks were fetched. */
  readonly patched: number;
  /** Files that were fetched whole. */
  readonly fetched: number;
  /** Blocks of 16 MiB that were fetched for patches. */
  readonly blocksFetched: number;
  /** Bytes received from the network. */
  readonly bytesFetched: number;
  /** New paths of broken files that were put aside; the first thousand. */
  readonly aside: readonly string[];
  /** Paths of the files that now have another content, since Civitai has replaced it; the first thousand. */
  readonly replaced: readonly string[];
  /** Files that are still broken. */
  readonly broken: number;
  /** The files whose repair failed; the first thousand. */
  readonly failed: readonly FailedItem[];
  /** What to do about a key that is refused, which depends on where it was found. */
  readonly keyHint: string;
  /** Why the repair ended early, or had no room on the disk for some files; `null` if neither happened. */
  readonly stopped: RunSummary["stopped"];
}

const MAX_SHOWN = 1000;
/** Number of consecutive files without a usable connection that ends the repair: the next would fail too. */
const MAX_NETWORK_FAILURES = 5;
const NETWORK: ReadonlySet<FailureClass> = new Set<FailureClass>(["connection", "dns", "tls", "timeout"]);

/**
 * Repair the files that {@linkcode verifyLibrary} has marked as broken, and those that a later attempt did not get; fetch
 * those again that a download put aside as corrupt. For a damaged file, only the bad blocks are fetched, into a copy that
 * replaces the file as soon as its hash is right. A file that cannot be patched is fetched whole, and moved to
 * `corrupted/` when the whole one is verified; a missing file is fetched whole too. A file that the user changed stays,
 * and the one from Civitai is placed next to it.
 *
 * @param fetchOptions Options for fetching; aborting the signal stops the repair, and files that are already repaired stay
 * @param options Disk reserve, and a callback for progress
 * @returns What was repaired, and what is still broken
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openEngine, openLibrary, repairLibrary, verifyLibrary } from "@civitai-dl/civitai-dl/downloader";
 *
 * const folder = await Deno.makeTempDir();
 * await using cleanup = new AsyncDisposableStack();
 * cleanup.defer(() => Deno.remove(folder, { recursive: true }));
 * using library = await openLibrary(folder, { command: "example" });
 * const { counts } = await verifyLibrary(library, { deep: true });
 * using engine = openEngine({ library, client: { token: "0123456789abcdef" } });
 * const { files, broken } = await repairLibrary({ ...engine, signal: AbortSignal.timeout(60_000) });
 * // The library is empty, so no request is sent.
 * assertEquals([counts.corrupt, files, broken], [0, 0, 0]);
 * ```
 */
export async function repairLibrary(fetchOptions: FetchOptions, options: RepairOptions = {}): Promise<RepairSummary> {
  const { onProgress = () => {}, reserveBytes = 0, modelIds } = options;
  const { signal } = fetchOptions;
  const tally = new Tally({ keyHint: newKeyHint(fetchOptions.client) });
  const onEvent: FetchOptions["onEvent"] = (event) => {
    if (event.type === "bytes") tally.bytesFetched += event.count;
    fetchOptions.onEvent(event);
  };
  const context = beginFetch({ ...fetchOptions, onEvent }, { reserveBytes, allowFlagged: false });
  let noRoom: NoRoomError | null = null;
  const totalFiles = brokenItems(context, modelIds).reduce((count) => count + 1, 0);
  if (totalFiles > 0) await checkKey(context);
  let networkFailures = 0;
  for (const item of brokenItems(context, modelIds)) {
    signal.throwIfAborted();
    onProgress({ files: tally.files, totalFiles, path: item.path });
    const error = await repairOne(context, item, tally);
    onProgress({ files: tally.files, totalFiles, path: item.path });
    const failure = error === null ? null : classifyFailure(error);
    if (error instanceof NoRoomError) {
      noRoom ??= error;
      continue;
    }
    if (error instanceof PausedError) return tally.summary({ remaining: totalFiles - tally.files, error });
    if (failure === "login") {
      const wrongKey = await findWrongKey(context, item);
      if (wrongKey !== null) return tally.summary({ remaining: totalFiles - tally.files, error: wrongKey });
    }
    const isNetwork = failure !== null && (NETWORK.has(failure) || refusedByOf(error) !== undefined);
    networkFailures = isNetwork ? networkFailures + 1 : 0;
    const isFinal = failure === "disk" || failure === "quota" || networkFailures >= MAX_NETWORK_FAILURES;
    if (error !== null && isFinal) return tally.summary({ remaining: totalFiles - tally.files, error });
  }
  return tally.summary({ remaining: 0, error: noRoom });
}

/** Key of the breaker that refused the request; `undefined` when the failure has another cause. */
function refusedByOf(error: unknown): string | undefined {
  return error instanceof FailureError ? error.refusedBy : undefined;
}

function brokenItems(
  { library }: SettledFetch,
  modelIds: readonly number[] | undefined,
): IteratorObject<CatalogItem> {
  // A file that only came corrupted was never in the library: `verify` cannot mark it.
  const isPutAside = ({ state, doneAt }: CatalogItem) => state === "corrupted" && doneAt === null;
  return library.catalog.items({ modelIds }).filter((item) =>
    isPutAside(item) || (wasDone(item) && !isOldContent(library, item))
  );
}

/** Whether an item has the content that Civitai has replaced since: it is sound, and `update` fetches the new one. */
function isOldContent({ root, catalog }: Library, item: CatalogItem): boolean {
  if (catalog.replacedSha256(item.key) === null || !isInnerPath(item.path)) return false;
  const info = statSyncOrNull(join(root, item.path));
  const seen = { sizeBytes: info?.size ?? -1, mtimeMs: info?.mtime?.getTime() ?? 0 };
  return seen.sizeBytes === item.actualBytes && seen.mtimeMs === item.mtimeMs && !isKnownDamage(catalog, item, seen);
}

/** Check the API key. Return the error if it is to blame, since the next file would be refused as well. */
async function findWrongKey(context: SettledFetch, item: CatalogItem): Promise<KitError | null> {
  try {
    await context.keyWatch.recordRefusal(context, item.key);
    return null;
  } catch (error) {
    if (classifyFailure(error) !== "login" || !(error instanceof KitError)) throw error;
    return error;
  }
}

/** Repair one item. The copy for a patch needs as much room as a file that is fetched whole. */
async function repairOne(context: SettledFetch, item: CatalogItem, tally: Tally): Promise<KitError | null> {
  const { signal, onEvent, clock, space, library: { catalog } } = context;
  const startedMs = clock.monotonic();
  const facts = () => ({
    type: "end" as const,
    item: toEventItem(item),
    host: null,
    durationMs: Math.round(clock.monotonic() - startedMs),
  });
  try {
    context.mode.assertRunning();
    space.claim({ ...item, sizeBytes: item.actualBytes ?? item.sizeBytes });
    const repair = await repairItem(context, item);
    tally.repaired(repair);
    const bytes = catalog.item(item.key)?.actualBytes ?? 0;
    onEvent({ ...facts(), outcome: "done", bytes, failure: null, message: null });
    return null;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const wrapped = wrapFailure(error, `Cannot repair "${item.path}"`);
    if (!(wrapped instanceof KitError)) throw wrapped;
    // The pause is not a failure of this item.
    if (wrapped instanceof PausedError) return wrapped;
    const failure = classifyFailure(wrapped);
    tally.failed(item, failure, wrapped.message);
    const refusedBy = refusedByOf(wrapped);
    const refusal = refusedBy === undefined ? {} : { host: refusedBy, refusedBy };
    onEvent({ ...facts(), ...refusal, outcome: "failed", bytes: 0, failure, message: wrapped.message });
    return wrapped;
  } finally {
    space.release(item.key);
  }
}

/** Totals for the {@linkcode RepairSummary}. */
class Tally {
  readonly #keyHint: string;
  files = 0;
  bytesFetched = 0;
  readonly #how = { intact: 0, patched: 0, fetched: 0 };
  #blocksFetched = 0;
  #broken = 0;
  readonly #aside: string[] = [];
  readonly #replaced: string[] = [];
  readonly #failed: FailedItem[] = [];

  constructor({ keyHint }: Pick<RepairSummary, "keyHint">) {
    this.#keyHint = keyHint;
  }

  repaired({ how, fetchedBlocks, aside, replaced }: ItemRepair): void {
    this.files++;
    this.#how[how]++;
    this.#blocksFetched += fetchedBlocks;
    if (aside !== null && this.#aside.length < MAX_SHOWN) this.#aside.push(aside);
    if (replaced !== null && this.#replaced.length < MAX_SHOWN) this.#replaced.push(replaced);
  }

  failed(item: CatalogItem, failure: FailureClass, message: string): void {
    this.files++;
    this.#broken++;
    if (this.#failed.length >= MAX_SHOWN) return;
    const target = item.kind === "image" ? `image:${item.imageId}` : `version:${item.versionId}`;
    this.#failed.push({ key: item.key, target, path: item.path, failure, message });
  }

  summary(end: { readonly remaining: number; readonly error: KitError | null }): RepairSummary {
    const { remaining, error } = end;
    return {
      files: this.files + remaining,
      ...this.#how,
      blocksFetched: this.#blocksFetched,
      bytesFetched: this.bytesFetched,
      aside: this.#aside,
      replaced: this.#replaced,
      broken: this.#broken + remaining,
      failed: this.#failed,
      keyHint: this.#keyHint,
      stopped: error === null ? null : toStop(error),
    };
  }
}
