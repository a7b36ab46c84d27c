import { type RollbackJournal, undoRollback } from "../../lib/release/mod.ts";
import { rollbackLibrary } from "./rollback_library.ts";

/**
 * Put back what a killed rollback or update left, before another one begins.
 *
 * @param journal The journal of an interrupted one
 * @returns What was done, in words
 */
export async function settleRollback(journal: RollbackJournal): Promise<string> {
  const { request, startedAt } = journal;
  await undoRollback(journal, { library: rollbackLibrary, reason: "it was interrupted" });
  const what = request.by === "self-update" ? "update" : "rollback";
  return `The ${what} to ${request.tag} of ${startedAt} was interrupted; what it did was put back first`;
}
