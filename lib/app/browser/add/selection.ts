import type { Plan, PlannedModel } from "../../api/shapes/plan.ts";
import type { QueueRequest } from "../../api/shapes/queue.ts";

type PlannedVersion = PlannedModel["versions"][number];

/** Whether all of a model or version is selected, none of it, or some. */
export type Selected = "all" | "none" | "some";

/** Keys of what is deselected: those of files, and `version:ID` for a version without files. */
export type Off = ReadonlySet<string>;

/** The keys of what can be deselected in a version: its files, or if it has none, the version with its pictures. */
export function leavesOf({ id, files }: PlannedVersion): readonly string[] {
  return files.length > 0 ? files.map(({ key }) => key) : [`version:${id}`];
}

/** The keys of what can be deselected in a model. */
export function leavesOfModel({ versions }: PlannedModel): readonly string[] {
  return versions.flatMap(leavesOf);
}

/** How much of some leaves is selected. */
export function selectedOf(leaves: readonly string[], off: Off): Selected {
  const count = leaves.filter((leaf) => off.has(leaf)).length;
  if (count === 0) return "all";
  return count === leaves.length ? "none" : "some";
}

/** Select all of some leaves, or none if all of them are selected. */
export function toggle(leaves: readonly string[], off: Off): Off {
  const isAll = selectedOf(leaves, off) === "all";
  const next = new Set(off);
  for (const leaf of leaves) {
    if (isAll) next.add(leaf);
    else next.delete(leaf);
  }
  return next;
}

/** What is selected, in numbers. */
export interface SelectionTotals {
  readonly models: number;
  readonly files: number;
  /** Stated sizes together. */
  readonly bytes: number;
  readonly images: number;
}

/** Count what is selected of a plan. Models that it does not name, and posted images, are always selected. */
export function totalsOf(plan: Plan, off: Off): SelectionTotals {
  if (off.size === 0) {
    const { files, bytes, images } = plan.wanted;
    return { models: plan.models.length + plan.truncated, files, bytes, images };
  }
  let models = plan.models.length + plan.truncated;
  let { files, bytes, images } = plan.wanted;
  for (const model of plan.models) {
    if (selectedOf(leavesOfModel(model), off) === "none") models--;
    for (const version of model.versions) {
      for (const file of version.files) {
        if (!off.has(file.key)) continue;
        files--;
        bytes -= file.bytes ?? 0;
      }
      if (selectedOf(leavesOf(version), off) !== "none") continue;
      images -= version.images.count;
      bytes -= version.images.bytes;
    }
  }
  return { models, files, bytes: Math.max(0, bytes), images };
}

/** What the queue leaves out: whole models and versions where nothing of them is selected, and single files. */
export function exceptOf(plan: Plan, off: Off): NonNullable<QueueRequest["except"]> {
  const models: number[] = [];
  const versions: number[] = [];
  const files: string[] = [];
  for (const model of plan.models) {
    if (selectedOf(leavesOfModel(model), off) === "none") {
      models.push(model.id);
      continue;
    }
    for (const version of model.versions) {
      if (selectedOf(leavesOf(version), off) === "none") versions.push(version.id);
      else files.push(...version.files.map(({ key }) => key).filter((key) => off.has(key)));
    }
  }
  return { models, versions, files };
}

/** The models whose name, creator, type or version contains a text. */
export function findModels(models: readonly PlannedModel[], text: string): readonly PlannedModel[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return models;
  return models.filter(({ name, creator, type, versions }) =>
    [name, creator ?? "", type, ...versions.flatMap((version) => [version.name, version.base])]
      .some((part) => part.toLowerCase().includes(wanted))
  );
}
