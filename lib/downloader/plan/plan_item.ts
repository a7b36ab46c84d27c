import { type CatalogItem, disambiguate, isInnerPath, type ItemFacts } from "../../library/mod.ts";
import type { ItemOutcome } from "../download_event.ts";
import { isFlaggedPath } from "../flagged_files.ts";
import type { AccessVerdict } from "./choose/judge_access.ts";
import type { KnownItems } from "./_known_items.ts";
import type { SettledPlanning } from "./settled_planning.ts";

/** An item to plan, with the path that it gets unless that is taken. */
export interface ItemPlan extends ItemFacts {
  /** Returns the preferred path; called only for new or moved items, since a known item keeps its path. */
  readonly path: () => string;
  /** Words that are added to the name until the path is free, best first. */
  readonly hints: readonly string[];
  /**
   * Called with the preferred path. Returns a function that checks whether a path counts as taken even if no item has
   * it.
   */
  readonly isTaken?: ((wantedPath: string) => (path: string) => boolean) | undefined;
  /** Why the file is not available now; `null` when it should be available. */
  readonly verdict: AccessVerdict | null;
  /** Whether the file goes to `quarantine/`; false if absent. */
  readonly isFlagged?: boolean | undefined;
  /** What the catalog has of the models of the page; absent if only this item was asked for. */
  readonly known?: KnownItems | undefined;
  /** Whether to request the file now, even if the server refused it recently; false if absent. */
  readonly asksAgain?: boolean | undefined;
}

/**
 * Add one item to the plan: choose its path, keep known facts, and check by size and date whether its file is on disk
 * already. Reads no bytes of any file.
 *
 * @param context Catalog, run and report
 * @param itemPlan The item to plan
 * @returns The updated row
 */
export function planItem(context: SettledPlanning, itemPlan: ItemPlan): CatalogItem {
  const { library: { catalog }, runId, report, clock } = context;
  const { verdict, isFlagged = false, asksAgain = false } = itemPlan;
  let item = itemPlan.known?.keep(itemPlan) ?? catalog.replan(itemPlan, runId) ??
    catalog.plan({ ...itemPlan, path: freePath(context, itemPlan) }, runId);
  if (!isInnerPath(item.path)) item = moveInside(context, itemPlan, item);
  if (item.state === "done") {
    if (isUntouched(context, item)) {
      report.addExisting(item.actualBytes ?? 0);
      return item;
    }
    catalog.mark(item.key, { state: "planned", outcome: null, reason: "it is gone or changed on disk" });
    item = catalog.item(itemPlan.key)!;
  }
  // A file that became flagged, or stopped being flagged, gets a new path, unless it is on disk already.
  if (isFlaggedPath(item.path) !== isFlagged) {
    catalog.setPath(item.key, freePath(context, itemPlan));
    item = catalog.item(itemPlan.key)!;
  }
  if (verdict !== null) {
    const { state, outcome, reason, notBefore } = verdict;
    catalog.mark(item.key, { state, outcome, reason, notBefore });
    report.addRefused(outcome, `${item.path}: ${reason}`);
    return catalog.item(itemPlan.key)!;
  }
  if (item.state === "refused") {
    if (!asksAgain && item.notBefore !== null && item.notBefore > clock.now()) {
      // Written by the run that requested it.
      report.addRefused(item.outcome as ItemOutcome, `${item.path}: ${item.reason}`);
      return item;
    }
    catalog.mark(item.key, { state: "planned", outcome: null, reason: null });
    item = catalog.item(itemPlan.key)!;
  }
  report.addWanted(item.kind === "file" ? "file" : "image", item.sizeBytes ?? 0);
  return item;
}

/** Replace a path that leads out of the library, from a tampered catalog; nothing is read or written there. */
function moveInside(context: SettledPlanning, itemPlan: ItemPlan, item: CatalogItem): CatalogItem {
  const { library: { catalog } } = context;
  catalog.setPath(item.key, freePath(context, itemPlan));
  catalog.mark(item.key, {
    state: "planned",
    outcome: null,
    reason: `its path "${item.path}" leads out of the library`,
  });
  return catalog.item(item.key)!;
}

function freePath(context: SettledPlanning, itemPlan: ItemPlan): string {
  const { library: { catalog }, report } = context;
  const wantedPath = itemPlan.path();
  const isTaken = itemPlan.isTaken?.(wantedPath) ?? (() => false);
  const path = disambiguate(
    wantedPath,
    itemPlan.hints,
    (candidate) => catalog.itemByPath(candidate) !== null || isTaken(candidate),
  );
  if (path !== wantedPath) report.addCollision(wantedPath, path);
  return path;
}

/** Whether the size and date of an item's file are the recorded ones; only `verify --deep` reads the bytes again. */
export function isUntouched(context: Pick<SettledPlanning, "library">, item: CatalogItem): boolean {
  if (!isInnerPath(item.path)) return false;
  try {
    const info = Deno.statSync(`${context.library.root}/${item.path}`);
    return info.isFile && info.size === item.actualBytes && info.mtime?.getTime() === item.mtimeMs;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}
