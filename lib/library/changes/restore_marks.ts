import type { Catalog } from "../catalog/catalog.ts";
import { ChangeLog } from "./change_log.ts";
import { markForgotten, unmarkForgotten } from "./forgotten.ts";

/**
 * Mark in a new catalog what is not wanted any more, from the files of the changes.
 *
 * @param library The library; the caller holds its lock
 * @returns Number of marks
 */
export async function restoreMarks(
  { root, catalog }: { readonly root: string; readonly catalog: Catalog },
): Promise<number> {
  const log = new ChangeLog(root);
  const targets = new Set<string>();
  for (const { id, state } of (await log.list()).toReversed()) {
    const plan = state === "applied" ? await log.plan(id) : null;
    if (plan === null) continue;
    catalog.transaction(() => {
      for (const operation of plan.operations) {
        if (operation.kind === "mark") {
          const { target, name } = operation;
          markForgotten(catalog, { target, name, at: plan.createdAt, change: plan.id });
          targets.add(target);
        } else if (operation.kind === "unmark") {
          unmarkForgotten(catalog, operation.target);
          targets.delete(operation.target);
        }
      }
    });
  }
  return targets.size;
}
