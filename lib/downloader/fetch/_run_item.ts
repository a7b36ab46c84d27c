import { KitError } from "../../base/mod.ts";
import { classifyFailure, type FailureClass, wrapFailure } from "../../failsafe/mod.ts";
import type { CatalogItem } from "../../library/mod.ts";
import { NoRoomError } from "./limits/disk_space.ts";
import type { ItemTerms, SettledFetch } from "../settled_fetch.ts";
import { fetchItem } from "./fetch_item.ts";
import { PausedError } from "./limits/paused_error.ts";
import type { SidecarWriter } from "../sidecars/sidecar_writer.ts";
import type { Tally } from "./_tally.ts";

/** State of the run that {@linkcode runItem} updates, and how the item is fetched. */
export interface ItemRun {
  readonly terms: ItemTerms;
  readonly tally: Tally;
  readonly sidecars: SidecarWriter;
  /** Called with the error of an item that failed, before it is recorded. */
  readonly onFailure?: ((error: KitError) => void) | undefined;
}

/**
 * Fetch one item and record its outcome.
 *
 * @returns The class of its failure; `null` if it succeeded
 * @throws Errors that end the whole run: an interruption, a pause by the failsafe, a full or missing disk, an exhausted
 * quota, an invalid API key; also `NoRoomError`, which does not end it
 */
export async function runItem(context: SettledFetch, item: CatalogItem, run: ItemRun): Promise<FailureClass | null> {
  const { library: { catalog } } = context;
  const { terms, terms: { signal } } = run;
  run.tally.recordStart(item);
  try {
    const result = await fetchItem(context, item, terms);
    const row = catalog.item(item.key)!;
    if (row.kind === "preview") forgetSidecars(context, row);
    run.tally.recordEnd(row, result);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const wrapped = wrapFailure(error, `Cannot fetch "${item.path}"`);
    // Neither is a failure of this item.
    if (wrapped instanceof PausedError || wrapped instanceof NoRoomError) throw wrapped;
    const failure = classifyFailure(wrapped);
    if (failure === "disk" || failure === "quota") throw wrapped;
    if (!(wrapped instanceof KitError)) throw wrapped;
    if (failure === "login") await watchKey(context, item, run);
    run.onFailure?.(wrapped);
    run.tally.recordFailure(item, wrapped);
    return failure;
  }
  // Outside of the try block: the writer may fail on the sidecars of another item.
  if (item.kind === "file") await run.sidecars.add(item);
  return null;
}

/** Check the key after a refusal. If it is to blame, the items that it cost do not count as failed. */
async function watchKey(context: SettledFetch, item: CatalogItem, { tally }: ItemRun): Promise<void> {
  const { keyWatch } = context;
  try {
    await keyWatch.recordRefusal(context, item.key);
  } catch (error) {
    for (const key of keyWatch.refused) tally.withdrawFailure(key);
    throw error;
  }
}

/** Mark the sidecars of a preview's version as outdated: they name the preview, which is fetched after them. */
function forgetSidecars(context: SettledFetch, preview: CatalogItem): void {
  const { catalog } = context.library;
  if (preview.modelId === null) return;
  for (const item of catalog.items({ modelId: preview.modelId, kinds: ["file"], states: ["done"] })) {
    if (item.versionId === preview.versionId) catalog.setSidecarDigest(item.key, null);
  }
}
