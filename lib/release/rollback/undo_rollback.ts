import { KitError, shell } from "../../base/mod.ts";
import { openRepository, removeKeptWorktree, type Repository, runGit } from "../../git/mod.ts";
import { removeUnusedVersion } from "../install/remove_version.ts";
import { restorePointers } from "../install/switch_version.ts";
import { type RollbackJournal, type RollbackUndo, writeRollbackJournal } from "./rollback_journal.ts";
import type { RollbackLibrary } from "./rollback_seams.ts";

/** Options of {@linkcode undoRollback}. */
export interface UndoRollbackOptions {
  /** Puts the library back. */
  readonly library: RollbackLibrary;
  /** Why it is taken back; recorded in the journal. */
  readonly reason: string | null;
}

/**
 * What a finished rollback did and stays: a version that it built may be needed again, and the older version may have
 * written to the library since, which the newer version upgrades by itself.
 */
const KEPT_WHEN_DONE: readonly RollbackUndo["type"][] = ["version", "library"];

/** Whether there is anything that {@linkcode undoRollback} takes back once the rollback is done. */
export function hasUndo({ steps }: Pick<RollbackJournal, "steps">): boolean {
  return steps.some(({ undo }) => undo !== null && !KEPT_WHEN_DONE.includes(undo.type));
}

/**
 * Take a rollback back, the last step first. It can be called again after a kill, because each step can be taken back
 * twice. Of a finished rollback, the built version and the library stay as they are. What an unfinished one came after
 * is the last rollback again, and can be taken back next.
 *
 * @param journal The journal
 * @param options Library and reason
 * @returns What was put back, in words
 */
export async function undoRollback(
  journal: RollbackJournal,
  options: UndoRollbackOptions,
): Promise<readonly string[]> {
  const wasDone = journal.state === "done" || journal.wasDone === true;
  await writeRollbackJournal({ ...journal, state: "restoring", reason: options.reason, wasDone });
  const restored: string[] = [];
  for (const { undo } of journal.steps.toReversed()) {
    if (undo === null || (wasDone && KEPT_WHEN_DONE.includes(undo.type))) continue;
    const words = await undoStep(undo, options.library);
    if (words !== null) restored.push(words);
  }
  await writeRollbackJournal(journal.earlier ?? { ...journal, state: "restored", reason: options.reason, wasDone });
  return restored;
}

async function undoStep(undo: RollbackUndo, library: RollbackLibrary): Promise<string | null> {
  switch (undo.type) {
    case "version":
      return await removeUnusedVersion(undo.folder, undo.name)
        ? `removed the version ${undo.name} that it installed`
        : null;
    case "pointers":
      await restorePointers(undo.folder, undo);
      return undo.current === null ? "no installed version is in use" : `${undo.current} is in use`;
    case "worktree": {
      const repository = await tryOpen(undo.repository);
      if (repository !== null) await removeKeptWorktree(repository, undo.path, { command: "rollback undo" });
      return `removed the working tree ${undo.path}`;
    }
    case "branch":
      return await deleteBranch(undo);
    case "library":
      await library.restore(undo.library, undo.stamp);
      return `the library ${undo.library} has its newer catalog`;
  }
}

/** Delete the branch, but only if it is where the rollback put it: a commit on top of it is somebody's work. */
async function deleteBranch(undo: Extract<RollbackUndo, { type: "branch" }>): Promise<string | null> {
  const repository = await tryOpen(undo.repository);
  if (repository === null) return null;
  const cwd = repository.root;
  const ref = `refs/heads/${undo.name}`;
  const { code, stdout } = await runGit(["rev-parse", "--verify", "--quiet", ref], { cwd });
  if (code !== 0) return null;
  if (stdout.trim() !== undo.sha) {
    throw new KitError("unsafe", `Cannot delete branch ${undo.name}: it has moved on since the rollback`, {
      hint: shell`Look at it (git log ${undo.name}), and delete it yourself`,
    });
  }
  const { code: deleted, stderr } = await runGit(["update-ref", "-d", ref, undo.sha], { cwd });
  if (deleted === 0) return `deleted branch ${undo.name}`;
  throw new KitError("failed", `Cannot delete branch ${undo.name}: ${stderr.trim()}`);
}

/** The repository may be gone, and with it everything in it. */
async function tryOpen(root: string): Promise<Repository | null> {
  try {
    return await openRepository(root);
  } catch (error) {
    if (error instanceof KitError && error.code === "usage") return null;
    throw error;
  }
}
