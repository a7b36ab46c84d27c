import { formatCount, shell } from "../../base/mod.ts";
import {
  type Acts,
  type ActState,
  type ActUndo,
  compareKeptWorktree,
  findKeptWorktree,
  findTreeWork,
  keepWorktree,
  openRepository,
  removeKeptWorktree,
  type TreeWork,
  UndoConflict,
} from "../../git/mod.ts";
import { applyEmergencyPatch, loadPatch, type PatchActOptions } from "./emergency_patch.ts";
import { commandOf, type WorktreeFacts } from "./rollback_record.ts";

/** Return what the steps do that check a tag out. */
export function worktreeActs(facts: WorktreeFacts, options: PatchActOptions): Acts {
  return {
    worktree: {
      apply: () => checkOut(facts, options),
      planUndo: (state) => planWorktree(facts, state),
    },
  };
}

async function checkOut(facts: WorktreeFacts, options: PatchActOptions): Promise<void> {
  const { sha, files, tree: path } = facts;
  const { signal } = options;
  const repository = await openRepository(facts.repository);
  const patch = await loadPatch(facts, options);
  const found = await compareKeptWorktree(path, { sha, tree: files });
  // A process that was killed has left a part of it.
  if (found.type !== "absent") await (await planWorktree(facts, { isComplete: false, wasDone: false }))?.apply();
  await keepWorktree(repository, path, { sha, command: commandOf(facts), signal });
  if (patch !== null) await applyEmergencyPatch(path, patch, { signal });
}

async function planWorktree(facts: WorktreeFacts, { isComplete }: ActState): Promise<ActUndo | null> {
  const { sha, files, tag, tree: path } = facts;
  const repository = await openRepository(facts.repository);
  const isThere = await Deno.lstat(path).then(() => true, () => false);
  const listed = await findKeptWorktree(repository, path);
  const gone = `the working tree ${path} is gone already`;
  if (listed === null && !isThere) return isComplete ? { text: gone, apply: () => Promise.resolve(true) } : null;
  const work = await findTreeWork(repository, path, { sha, tree: files });
  // Git itself locks a tree that it has not completed.
  const isLocked = isComplete && listed?.isLocked === true;
  const lock = isLocked ? { reason: "it is locked", hint: shell`Unlock it: git worktree unlock ${path}` } : null;
  const why = work === null ? lock : describeWork(work, tag);
  if (listed === null || why !== null) {
    const { reason, hint } = why ?? OTHER;
    throw new UndoConflict(`Cannot remove the working tree "${path}": ${reason}`, {
      hint,
      keeps: `the working tree ${path} stays: ${reason}`,
    });
  }
  const apply = async () => {
    await removeKeptWorktree(repository, listed, { command: "rollback undo" });
    return true;
  };
  return { text: isThere ? `the working tree ${path} is removed` : gone, apply };
}

/** A folder that is in the place of the working tree. */
const OTHER = {
  reason: "it is not the working tree that the rollback made",
  hint: "Look at it, move it away, and run this again",
};

function describeWork(work: TreeWork, tag: string): { readonly reason: string; readonly hint: string } {
  switch (work.type) {
    case "other":
      return OTHER;
    case "commit":
      return {
        reason: `a commit is checked out there that is not the one of ${tag}`,
        hint: "Keep it on a branch, remove the tree yourself (git worktree remove), and run this again",
      };
    case "files": {
      const [first, second, third, ...more] = work.files;
      const count = work.files.length === 1 ? "a file" : formatCount(work.files.length, "file");
      const names = [first, second, third].filter((name) => name !== undefined).join(", ");
      return {
        reason: `it has ${count} of yours: ${names}${more.length === 0 ? "" : ` and ${more.length} more`}`,
        hint: "Move away what you need, delete the rest, and run this again",
      };
    }
  }
}
