import { join } from "node:path";
import { type CatalogItem, disambiguate, type PlannedItem } from "../library/mod.ts";
import type { AccessVerdict } from "./judge_access.ts";
import type { PlanContext } from "./plan_context.ts";

/** An item as it would be if no other had its path. */
export interface ItemWish extends PlannedItem {
  /** What tells it from others of the same name, best first. */
  readonly hints: readonly string[];
  /** Why it cannot be had now. */
  readonly verdict: AccessVerdict | null;
}

/**
 * Put one item into the plan: find its path, keep what is known, see whether it is on disk already. Reads no bytes of
 * any file.
 *
 * @param context What planning needs
 * @param wish The item
 * @returns The row as it stands now
 */
export function planItem(context: PlanContext, wish: ItemWish): CatalogItem {
  const { library: { catalog }, runId, report } = context;
  const { hints: _hints, verdict, ...planned } = wish;
  const known = catalog.item(wish.key);
  const path = known?.path ?? freePath(context, wish);
  catalog.plan({ ...planned, path }, runId);
  let item = catalog.item(wish.key)!;
  if (item.state === "done") {
    if (isUntouched(context, item)) {
      report.there(item.actualBytes ?? 0);
      return item;
    }
    catalog.mark(item.key, { state: "planned", outcome: null, reason: "it is gone or changed on disk" });
    item = catalog.item(wish.key)!;
  }
  if (verdict !== null) {
    const { state, outcome, reason, notBefore } = verdict;
    catalog.mark(item.key, { state, outcome, reason, notBefore });
    report.refused(outcome, `${item.path}: ${reason}`);
    return catalog.item(wish.key)!;
  }
  report.wanted(item.kind === "file" ? "file" : "image", item.sizeBytes ?? 0);
  return item;
}

function freePath(context: PlanContext, wish: ItemWish): string {
  const { library: { catalog }, report } = context;
  const path = disambiguate(wish.path, wish.hints, (candidate) => catalog.itemByPath(candidate) !== null);
  if (path !== wish.path) report.collision(wish.path, path);
  return path;
}

/** Size and date are as we left them; a second look at the bytes is what `verify --deep` is for. */
function isUntouched(context: PlanContext, item: CatalogItem): boolean {
  try {
    const info = Deno.statSync(join(context.library.root, item.path));
    return info.isFile && info.size === item.actualBytes && info.mtime?.getTime() === item.mtimeMs;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}
