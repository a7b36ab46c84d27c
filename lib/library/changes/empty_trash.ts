import { join } from "node:path";
import { assertTrustedFolder, type Clock, existsSync, removeIfExists, systemClock } from "../../base/mod.ts";
import { ChangeLog, type ChangeRecord } from "./change_log.ts";
import { TRASH_FOLDER } from "./change_plan.ts";

/** Options of {@linkcode emptyTrash}. */
export interface EmptyTrashOptions {
  /** Only what was put into the trash so long ago, in milliseconds; 0 for all of it. */
  readonly olderThanMs: number;
  /**
   * Clock.
   *
   * @default {systemClock}
   */
  readonly clock?: Pick<Clock, "now"> | undefined;
}

/**
 * Delete what changes have put into the trash of a library. Their marks stay, and can be taken back as before.
 *
 * @param root The library; the caller holds its lock
 * @param options Age
 * @returns The changes whose trash was deleted, as they were before
 */
export async function emptyTrash(root: string, options: EmptyTrashOptions): Promise<readonly ChangeRecord[]> {
  const { olderThanMs, clock = systemClock } = options;
  const now = clock.now();
  const trash = join(root, TRASH_FOLDER);
  const log = new ChangeLog(root);
  const emptied: ChangeRecord[] = [];
  assertTrustedFolder(trash);
  for (const record of await log.list()) {
    const folder = join(trash, String(record.id));
    // A process may have been killed before it had deleted all.
    if (record.emptiedAt !== null) await removeIfExists(folder);
    if (!hasTrash(record) || now - Date.parse(record.changedAt) < olderThanMs) continue;
    await log.write({ ...record, trashBytes: 0, emptiedAt: new Date(now).toISOString() });
    if (existsSync(folder)) await removeIfExists(folder);
    emptied.push(record);
  }
  return emptied;
}

/** Whether a change has files in the trash. */
export function hasTrash(
  { state, trashBytes, emptiedAt }: Pick<ChangeRecord, "state" | "trashBytes" | "emptiedAt">,
): boolean {
  return state === "applied" && trashBytes > 0 && emptiedAt === null;
}

/**
 * The day until which the trash keeps the files of a change.
 *
 * @param record The change
 * @param trashMs How long the trash keeps files, in milliseconds
 * @returns The day, ISO 8601; `null` if the change has none in the trash
 */
export function keptUntil(
  record: Pick<ChangeRecord, "state" | "trashBytes" | "emptiedAt" | "changedAt">,
  trashMs: number,
): string | null {
  return hasTrash(record) ? new Date(Date.parse(record.changedAt) + trashMs).toISOString().slice(0, 10) : null;
}
