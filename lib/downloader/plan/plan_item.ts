import { type CatalogItem, disambiguate, isInnerPath, type ItemFacts } from "../../library/mod.ts";
import { isFlaggedPath } from "../flagged_files.ts";
import type { AccessVerdict } from "./judge_access.ts";
import type { PlanContext } from "./plan_context.ts";

/** An item as it would be if no other had its path. */
export interface ItemWish extends ItemFacts {
  /** Where it goes; asked only for what is new, since a known item keeps its path. */
  readonly path: () => string;
  /** What tells it from others of the same name, best first. */
  readonly hints: readonly string[];
  /** Given the path that {@linkcode ItemWish.path} gave: whether one is taken though no item has it. */
  readonly isTaken?: ((wish: string) => (path: string) => boolean) | undefined;
  /** Why it cannot be had now. */
  readonly verdict: AccessVerdict | null;
  /** Whether it goes to `quarantine/`. */
  readonly isFlagged?: boolean | undefined;
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
  const { verdict, isFlagged = false } = wish;
  let item = catalog.replan(wish, runId) ?? catalog.plan({ ...wish, path: freePath(context, wish) }, runId);
  if (!isInnerPath(item.path)) item = moveInside(context, wish, item);
  if (item.state === "done") {
    if (isUntouched(context, item)) {
      report.there(item.actualBytes ?? 0);
      return item;
    }
    catalog.mark(item.key, { state: "planned", outcome: null, reason: "it is gone or changed on disk" });
    item = catalog.item(wish.key)!;
  }
  // What was flagged, or is not any more, changes its place, unless it is there.
  if (isFlaggedPath(item.path) !== isFlagged) {
    catalog.setPath(item.key, freePath(context, wish));
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

/** A tampered catalog names a path outside of the library: it is neither read nor written. */
function moveInside(context: PlanContext, wish: ItemWish, item: CatalogItem): CatalogItem {
  const { library: { catalog } } = context;
  catalog.setPath(item.key, freePath(context, wish));
  catalog.mark(item.key, { state: "planned", outcome: null, reason: `"${item.path}" leads out of the library` });
  return catalog.item(item.key)!;
}

function freePath(context: PlanContext, wish: ItemWish): string {
  const { library: { catalog }, report } = context;
  const own = wish.path();
  const isTaken = wish.isTaken?.(own) ?? (() => false);
  const path = disambiguate(
    own,
    wish.hints,
    (candidate) => catalog.itemByPath(candidate) !== null || isTaken(candidate),
  );
  if (path !== own) report.collision(own, path);
  return path;
}

/** Size and date are as we left them; a second look at the bytes is what `verify --deep` is for. */
export function isUntouched(context: Pick<PlanContext, "library">, item: CatalogItem): boolean {
  if (!isInnerPath(item.path)) return false;
  try {
    const info = Deno.statSync(`${context.library.root}/${item.path}`);
    return info.isFile && info.size === item.actualBytes && info.mtime?.getTime() === item.mtimeMs;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}
