import { formatCount, formatSize, shell } from "../../lib/base/mod.ts";
import type { Flag } from "../../lib/cli/mod.ts";
import type { ChangeRecord } from "../../lib/library/mod.ts";

/** A day, in milliseconds. */
const DAY_MS = 86_400_000;
/** Number of files that are named. */
const MAX_NAMED = 20;

/** Flag that says how long the trash keeps what changes took away. */
export const TRASH_FLAG = {
  name: "trash-days",
  rare: true,
  setting: "shared",
  type: "integer",
  summary: "Days for which the trash keeps files; the next forget deletes older ones",
  default: 30,
  min: 0,
  group: "Library",
} as const satisfies Flag;

/** The age in milliseconds at which the trash is emptied. */
export function trashAge({ trashDays }: { readonly trashDays: number }): number {
  return trashDays * DAY_MS;
}

/** Name files with their sizes, the largest first. */
export function nameFiles(files: readonly { readonly path: string; readonly bytes: number }[]): readonly string[] {
  const shown = files.toSorted((a, b) => b.bytes - a.bytes).slice(0, MAX_NAMED)
    .map(({ path, bytes }) => `  ${formatSize(bytes).padStart(10)}  ${path}`);
  return files.length > shown.length ? [...shown, `  and ${files.length - shown.length} more; see --json`] : shown;
}

/** Say why files were left out. */
export function nameLeftOut(what: string, files: ChangeRecord["leftOut"]): readonly string[] {
  const shown = files.slice(0, MAX_NAMED).map(({ path, reason }) => `${what}: ${path}: ${reason}`);
  return files.length > shown.length ? [...shown, `${what}: ${files.length - shown.length} more; see --json`] : shown;
}

/** Say what was deleted from the trash, if anything was. */
export function sayEmptied(emptied: readonly ChangeRecord[]): readonly string[] {
  if (emptied.length === 0) return [];
  const bytes = emptied.reduce((sum, { trashBytes }) => sum + trashBytes, 0);
  const changes = emptied.map(({ id }) => id).join(", ");
  return [
    `Deleted from the trash: ${formatSize(bytes)} of ${
      formatCount(emptied.length, "change")
    } (${changes}), whose files cannot be had back any more`,
  ];
}

/** Name the command that undoes a change. */
export function undoCommand(id: number): string {
  return shell`civitai-dl undo ${id}`;
}
