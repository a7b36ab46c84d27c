import { findLastEffective } from "../../git/mod.ts";
import { readInstallation } from "../install/read_installation.ts";
import {
  findLastRollback,
  openRollbackStore,
  readRollback,
  type RecordedRollback,
  type RollbackFacts,
} from "./rollback_record.ts";

/** Where the last rollback stands. */
export interface RollbackStanding {
  /** Name of the installed version in use; `null` if none is. */
  readonly current: string | null;
  /** `null` if there was none, or its record is damaged. */
  readonly last: RecordedRollback | null;
  /** Path of the damaged record of a rollback later than all that can be read; `null` if there is none. */
  readonly damaged: string | null;
  /** Whether another process is at work on it. */
  readonly isRunning: boolean;
}

/**
 * Find out where the last rollback stands. Nothing is changed.
 *
 * @param folder The folder of installed versions
 */
export async function readStanding(folder: string): Promise<RollbackStanding> {
  const store = await openRollbackStore(folder);
  // The process first: a rollback that ends in between is then no longer there, instead of appearing interrupted.
  const runner = await store.findRunner();
  const damaged = await store.findDamaged();
  const last = damaged === null ? await findLastRollback(store, folder) : null;
  const { current } = await readInstallation(folder);
  return { current, last, damaged, isRunning: runner !== null && last?.operation.endedAt === null };
}

/**
 * Find the version to which an undo leads after a rollback. The last record may be of an earlier one, if this one changed
 * nothing.
 *
 * @param facts What the rollback was made of
 * @param options Whether its version was in use already
 * @returns The version in use before; `null` if an undo takes back nothing of this rollback
 */
export async function findForward(
  { folder, mode, tag, from }: RollbackFacts,
  { isInUse }: { readonly isInUse: boolean },
): Promise<string | null> {
  const operation = findLastEffective(await (await openRollbackStore(folder)).readEnded());
  if (operation?.state !== "done") return null;
  const { facts } = readRollback(operation, folder);
  const isOfThis = facts.mode === mode && facts.tag === tag;
  return isOfThis && !(isInUse && facts.from === from) ? facts.from : null;
}
