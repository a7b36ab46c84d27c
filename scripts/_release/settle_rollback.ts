import { planUndo, type RollbackJournal, undoRollback } from "../../lib/release/mod.ts";
import { findOtherRepository } from "./find_repository.ts";

/** Options of {@linkcode settleRollback}. */
export interface SettleRollbackOptions {
  /** Value of `--repo`; `undefined` if it was not given. */
  readonly repo: string | undefined;
  /** Whether to say only what would be done. */
  readonly dryRun: boolean;
}

/**
 * Put back what a killed rollback left, before another one begins.
 *
 * @param journal The journal of an interrupted one
 * @param options Repository, and whether to act
 * @returns What was done, in words
 */
export async function settleRollback(
  journal: RollbackJournal,
  { repo, dryRun }: SettleRollbackOptions,
): Promise<string> {
  const { request, startedAt } = journal;
  const other = await findOtherRepository(request.repository, repo);
  const place = other === null ? "" : ` in ${other.root}`;
  const what = `The rollback to ${request.tag}${place} of ${startedAt}`;
  // Something else waits, so what people have changed since is kept rather than refused.
  const options = { conflicts: "keep" } as const;
  if (dryRun) {
    const steps = (await planUndo(journal, options)).map(({ text }) => text);
    return `${what} was interrupted; first, it would be put back: ${steps.join("; ") || "it has changed nothing"}`;
  }
  const { kept } = await undoRollback(journal, { ...options, reason: "it was interrupted" });
  const except = kept.length === 0 ? "" : `, but ${kept.join("; ")}`;
  return `${what} was interrupted; what it did was put back first${except}`;
}
