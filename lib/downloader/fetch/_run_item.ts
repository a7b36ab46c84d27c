import { KitError } from "../../base/mod.ts";
import { classifyFailure, type FailureClass, wrapFailure } from "../../failsafe/mod.ts";
import type { CatalogItem } from "../../library/mod.ts";
import { checkKey } from "../_check_key.ts";
import { NoRoomError } from "./disk_space.ts";
import type { FetchContext } from "./fetch_context.ts";
import { fetchItem } from "./fetch_item.ts";
import { PausedError } from "./paused_error.ts";
import type { SidecarWriter } from "../sidecars/sidecar_writer.ts";
import type { Tally } from "./_tally.ts";

/** What an item's run needs besides. */
export interface ItemRun {
  readonly tally: Tally;
  readonly sidecars: SidecarWriter;
}

/**
 * Fetch one item and note how it ended.
 *
 * @returns Why it failed; `null` if it did not
 * @throws What ends the whole run: an interruption, a full or missing disk, a quota, a key that counts for nothing; and
 * `NoRoomError`, which does not
 */
export async function runItem(context: FetchContext, item: CatalogItem, run: ItemRun): Promise<FailureClass | null> {
  const { library: { catalog }, signal } = context;
  run.tally.begun(item);
  try {
    const result = await fetchItem(context, item);
    const row = catalog.item(item.key)!;
    if (row.kind === "preview") forgetSidecars(context, row);
    run.tally.ended(row, result);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const wrapped = wrapFailure(error, `Cannot fetch "${item.path}"`);
    // Not this item's doing.
    if (wrapped instanceof PausedError || wrapped instanceof NoRoomError) throw wrapped;
    const failure = classifyFailure(wrapped);
    if (failure === "disk" || failure === "quota") throw wrapped;
    if (!(wrapped instanceof KitError)) throw wrapped;
    if (failure === "login" && run.tally.doubtKey()) await checkKey(context, { isDoubted: true });
    run.tally.failed(item, wrapped);
    return failure;
  }
  // Not this item's trouble if the sidecars of another cannot be written.
  if (item.kind === "file") await run.sidecars.add(item);
  return null;
}

/** Sidecars name the preview, which comes after the file they stand beside: they are written again at the end. */
function forgetSidecars(context: FetchContext, preview: CatalogItem): void {
  const { catalog } = context.library;
  if (preview.modelId === null) return;
  for (const item of catalog.items({ modelId: preview.modelId, kinds: ["file"], states: ["done"] })) {
    if (item.versionId === preview.versionId) catalog.setSidecarDigest(item.key, null);
  }
}
