import { join } from "node:path";
import { type Clock, lstatSyncOrNull, statSyncOrNull, systemClock } from "../../base/mod.ts";
import {
  type CatalogItem,
  ChangeLog,
  type ChangeOperation,
  type ChangePlan,
  isInnerPath,
  type MoveOperation,
  readForgotten,
  type SkippedFile,
  trashPath,
} from "../../library/mod.ts";
import type { Library } from "../open_library.ts";
import { isKnownDamage } from "../verify/broken_marks.ts";
import { Companions } from "./_companions.ts";
import type { Forgettable } from "./find_forgettable.ts";

/** Options of {@linkcode planForget}. */
export interface PlanForgetOptions {
  /**
   * Whether the files stay where they are, and their rows in the catalog.
   *
   * @default {false}
   */
  readonly keepFiles?: boolean | undefined;
  /**
   * Clock for the time of the plan.
   *
   * @default {systemClock}
   */
  readonly clock?: Pick<Clock, "now"> | undefined;
}

/** What is to be forgotten. */
export interface ForgetTargetPlan {
  /** The mark, such as `model:1`. */
  readonly target: string;
  /** Name of it, for people; `null` when unknown. */
  readonly name: string | null;
  /** Whether it is wanted so far. */
  readonly isNew: boolean;
}

/** A plan that forgets, with what people want to know of it. */
export interface ForgetPlan {
  /** The change; it has no operations if there is nothing to do. */
  readonly change: ChangePlan;
  /** What is named, each once. */
  readonly targets: readonly ForgetTargetPlan[];
  /** The files that go into the trash. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** Files that are not those that were downloaded, and stay. */
  readonly kept: readonly SkippedFile[];
  /** Number of files that were in the library, and are gone already. */
  readonly goneFiles: number;
}

/**
 * Plan to forget targets: they are marked as not wanted, and their files go into the trash with all that belongs to
 * them. Nothing is changed yet: `applyChange` does what `change` says.
 *
 * @param library The library; the caller holds its lock, or only looks
 * @param forgettable What is to be forgotten, from {@linkcode findForgettable}
 * @param options Whether files stay
 */
export async function planForget(
  library: Pick<Library, "root" | "catalog">,
  forgettable: readonly Forgettable[],
  options: PlanForgetOptions = {},
): Promise<ForgetPlan> {
  const { keepFiles = false, clock = systemClock } = options;
  const { catalog } = library;
  const id = await new ChangeLog(library.root).nextId();
  const forgotten = readForgotten(catalog);
  const items = new Map<string, CatalogItem>();
  const targets = new Map<string, ForgetTargetPlan>();
  for (const { target, name, items: found } of forgettable) {
    targets.set(target, { target, name, isNew: forgotten.markOf(target) === null });
    for (const item of found) items.set(item.key, item);
  }
  const findings = Array.from(items.values(), (item) => ({ item, found: judgeFile(library, item) }));
  const leaving = findings.filter(({ item, found }) => !keepFiles || (item.state !== "done" && found !== "ours"));
  const moves = keepFiles ? [] : await planMoves(library, id, findings);
  const rows = leaving.map(({ item: { key } }): ChangeOperation => (
    { kind: "row", key, before: catalog.storedItem(key), after: null }
  ));
  const marks = [...targets.values()].filter(({ isNew }) => isNew)
    .map(({ target, name }): ChangeOperation => ({ kind: "mark", target, name }));
  return {
    change: {
      id,
      command: "forget",
      title: `forget ${nameTargets([...targets.values()])}`,
      createdAt: new Date(clock.now()).toISOString(),
      operations: [...moves, ...rows, ...marks],
    },
    targets: [...targets.values()],
    files: moves.map(({ from: path, bytes }) => ({ path, bytes })),
    kept: keepFiles ? [] : findings.filter(({ found }) => found === "changed").map(({ item: { path } }) => ({
      path,
      reason: "it is not the file that was downloaded any more",
    })),
    goneFiles: findings.filter(({ item, found }) => found === "gone" && item.doneAt !== null).length,
  };
}

const MAX_NAMED = 3;

function nameTargets(targets: readonly ForgetTargetPlan[]): string {
  const shown = targets.slice(0, MAX_NAMED).map(nameForgotten);
  return targets.length <= MAX_NAMED ? shown.join(", ") : `${shown.join(", ")} and ${targets.length - MAX_NAMED} more`;
}

/** Name what is forgotten: the target, and what people call it. */
export function nameForgotten({ target, name }: { readonly target: string; readonly name: string | null }): string {
  return name === null || target.startsWith("user:") ? target : `${target} (${name})`;
}

/** What is at the place of an item: its file, nothing, one that the user has changed, or somebody else's. */
type FoundFile = "ours" | "gone" | "changed" | "foreign";

function judgeFile({ root, catalog }: Pick<Library, "root" | "catalog">, item: CatalogItem): FoundFile {
  const info = isInnerPath(item.path) ? statSyncOrNull(join(root, item.path)) : null;
  if (info === null || !info.isFile) return "gone";
  const seen = { sizeBytes: info.size, mtimeMs: info.mtime?.getTime() ?? 0 };
  const isRecorded = seen.sizeBytes === item.actualBytes && seen.mtimeMs === item.mtimeMs;
  if (isRecorded || isKnownDamage(catalog, item, seen)) return "ours";
  return item.doneAt === null ? "foreign" : "changed";
}

/** Plan the moves of the files of items, and of what goes with them. */
async function planMoves(
  library: Pick<Library, "root" | "catalog">,
  id: number,
  findings: readonly { readonly item: CatalogItem; readonly found: FoundFile }[],
): Promise<readonly MoveOperation[]> {
  // What describes a file that stays, stays beside it.
  const leaving = findings.filter(({ found }) => found === "ours" || found === "gone").map(({ item }) => item);
  const companions = new Companions(library, new Set(leaving.map(({ key }) => key)));
  const moves = new Map<string, MoveOperation>();
  const add = (path: string, { key }: CatalogItem): void => {
    const info = moves.has(path) || !isInnerPath(path) ? null : lstatSyncOrNull(join(library.root, path));
    if (info === null || info.isDirectory) return;
    const { size: bytes, mtime, ino: inode } = info;
    moves.set(path, {
      kind: "move",
      of: key,
      from: path,
      to: trashPath(id, path),
      bytes,
      mtimeMs: mtime?.getTime() ?? 0,
      inode,
    });
  };
  for (const { item, found } of findings) if (found === "ours") add(item.path, item);
  for (const item of leaving) {
    for (const path of await companions.of(item)) add(path, item);
  }
  return [...moves.values()];
}
