import { formatCount, KitError, shell } from "../../base/mod.ts";
import {
  findKeptWorktree,
  findTreeWork,
  listWorktrees,
  openRepository,
  removeKeptWorktree,
  type Repository,
  runGit,
  type TreeWork,
} from "../../git/mod.ts";
import { findInstalled, readInstallation } from "../install/read_installation.ts";
import { removeUnusedVersion } from "../install/remove_version.ts";
import { readPointers, restorePointers } from "../install/switch_version.ts";
import type { RollbackJournal, RollbackStep, RollbackUndo } from "./rollback_journal.ts";

/** Options of {@linkcode planUndo}. */
export interface PlanUndoOptions {
  /**
   * What to do about what people have changed since, such as files of their own in a working tree: `refuse` to take
   * anything back, or `keep` that and take the rest back, because something else waits for it.
   */
  readonly conflicts: "refuse" | "keep";
}

/** What became of one step. */
export interface UndoneStep {
  /** The state afterwards, such as `branch hotfix/rollback-v1.0.3 is deleted`. */
  readonly text: string;
  /** Whether what the step made stays. */
  readonly isKept: boolean;
}

/** How a step is taken back. */
export interface PlannedUndo {
  /** The state afterwards. */
  readonly text: string;
  /** Takes it back; returns `null` if there was nothing to take back. */
  readonly act: () => Promise<UndoneStep | null>;
}

/** A step that cannot be taken back without losing what somebody did since. */
interface UndoConflict {
  readonly error: KitError;
  /** The state if it is kept. */
  readonly keeps: string;
}

/** Whether there is anything to take back once the rollback is done. A version that it built may be needed again. */
export function hasUndo({ steps }: Pick<RollbackJournal, "steps">): boolean {
  return steps.some(({ undo }) => undo !== null && undo.type !== "version");
}

/** Whether a rollback was done, also if it is being taken back by now. */
export function wasDone(journal: RollbackJournal): boolean {
  return journal.state === "done" || journal.wasDone === true;
}

/**
 * Find out how to take a rollback back, the last step first. Nothing is changed.
 *
 * @param journal The journal
 * @param options What to do about conflicts
 * @returns The steps
 * @throws {KitError} `unsafe` if somebody's work would be lost, and conflicts are refused
 */
export async function planUndo(journal: RollbackJournal, options: PlanUndoOptions): Promise<readonly PlannedUndo[]> {
  const planned: PlannedUndo[] = [];
  for (const step of journal.steps.toReversed()) {
    if (step.undo?.type === "version" && wasDone(journal)) continue;
    const plan = await planStep(step, journal);
    if (plan === null) continue;
    if (!("error" in plan)) planned.push(plan);
    else if (options.conflicts === "refuse") throw plan.error;
    else planned.push(kept(plan.keeps));
  }
  return planned;
}

/** `null` if there is nothing to take back. */
async function planStep(
  { undo, isDone }: RollbackStep,
  journal: RollbackJournal,
): Promise<PlannedUndo | UndoConflict | null> {
  switch (undo?.type) {
    case undefined:
      return null;
    case "version": {
      const text = `the version ${undo.name} that it installed is removed`;
      return restored(text, () => removeUnusedVersion(undo.folder, undo.name));
    }
    case "pointers":
      return await planPointers(undo, journal);
    case "worktree":
      return await planWorktree(undo, { isDone, tag: journal.request.tag });
    case "branch":
      return await planBranch(undo, { isDone, reverted: journal.request.branch });
  }
}

/** A step that is taken back; `act` returns whether there was anything to take back. */
function restored(text: string, act: () => Promise<boolean>): PlannedUndo {
  return { text, act: async () => await act() ? { text, isKept: false } : null };
}

/** A step of which nothing is taken back. */
function kept(text: string): PlannedUndo {
  return { text, act: () => Promise.resolve({ text, isKept: true }) };
}

type UndoOf<Type extends RollbackUndo["type"]> = Extract<RollbackUndo, { type: Type }>;

async function planPointers(
  undo: UndoOf<"pointers">,
  journal: RollbackJournal,
): Promise<PlannedUndo | UndoConflict> {
  const { folder, name, current } = undo;
  const { current: now } = await readPointers(folder);
  const inUse = now ?? "no version";
  if (now !== current && now !== name) {
    return {
      error: new KitError("unsafe", `Cannot return to ${current ?? "no version"}: ${inUse} is in use by now`, {
        hint: "Somebody has switched since; choose the version yourself: civitai-dl install switch VERSION",
      }),
      keeps: `${inUse} stays in use: somebody has switched to it since`,
    };
  }
  const installation = await readInstallation(folder);
  // One that never ended gets back whatever was there, even if that led nowhere.
  if (current !== null && wasDone(journal) && findInstalled(installation, current) === null) {
    return {
      error: new KitError("unsafe", `Cannot return to ${current}: it is not installed any more`, {
        hint: shell`Install it: civitai-dl install add ${`v${current.replace(/\+.*/, "")}`} --switch`,
      }),
      keeps: `${inUse} stays in use: ${current} is not installed any more`,
    };
  }
  return restored(current === null ? "no installed version is in use" : `${current} is in use`, async () => {
    await restorePointers(folder, undo);
    return true;
  });
}

async function planWorktree(
  undo: UndoOf<"worktree">,
  { isDone, tag }: { readonly isDone: boolean; readonly tag: string },
): Promise<PlannedUndo | UndoConflict | null> {
  const { path } = undo;
  const repository = await tryOpen(undo.repository);
  const isThere = await Deno.lstat(path).then(() => true, () => false);
  if (repository === null) {
    return isThere
      ? kept(`the working tree ${path} stays: there is no repository at ${undo.repository} any more`)
      : null;
  }
  const listed = await findKeptWorktree(repository, path);
  if (listed === null && !isThere) return isDone ? restored(`the working tree ${path} is gone already`, yes) : null;
  const work = await findTreeWork(repository, path, undo);
  // Git itself locks a tree that it has not completed.
  const why = work !== null
    ? describeWork(work, tag)
    : listed === null
    ? OTHER
    : isDone && listed.isLocked
    ? { reason: "it is locked", hint: shell`Unlock it: git worktree unlock ${path}` }
    : null;
  if (listed !== null && why === null) {
    return restored(`the working tree ${path} is ${isThere ? "removed" : "gone already"}`, async () => {
      await removeKeptWorktree(repository, listed, { command: "rollback undo" });
      return true;
    });
  }
  const { reason, hint } = why ?? OTHER;
  return {
    error: new KitError("unsafe", `Cannot remove the working tree "${path}": ${reason}`, { hint }),
    keeps: `the working tree ${path} stays: ${reason}`,
  };
}

const yes = () => Promise.resolve(true);

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

async function planBranch(
  { name, repository: root, sha }: UndoOf<"branch">,
  { isDone, reverted }: { readonly isDone: boolean; readonly reverted: string | null },
): Promise<PlannedUndo | UndoConflict | null> {
  const repository = await tryOpen(root);
  if (repository === null) return kept(`branch ${name} is not deleted: there is no repository at ${root} any more`);
  const cwd = repository.root;
  const ref = `refs/heads/${name}`;
  const { code, stdout } = await runGit(["rev-parse", "--verify", "--quiet", ref], { cwd });
  if (isDone && reverted !== null && await isOnBranch(repository, sha, reverted)) {
    return {
      error: new KitError("unsafe", `Cannot undo: the reverts are merged into ${reverted}`, {
        hint: "civitai-dl branch undo takes the merge back if it was the last operation; otherwise revert the merge",
      }),
      keeps: `the reverts stay: they are merged into ${reverted}`,
    };
  }
  if (code !== 0) return isDone ? restored(`branch ${name} is gone already`, yes) : null;
  const tree = (await listWorktrees(repository)).find(({ branch }) => branch === name);
  const conflict = stdout.trim() !== sha
    ? {
      reason: "it has moved on since the rollback",
      hint: shell`Look at it (git log ${name}), and delete it yourself`,
    }
    : tree !== undefined
    ? { reason: `it is checked out in ${tree.path}`, hint: "Switch to another branch there first" }
    : null;
  if (conflict !== null) {
    const { reason, hint } = conflict;
    return {
      error: new KitError("unsafe", `Cannot delete branch ${name}: ${reason}`, { hint }),
      keeps: `branch ${name} stays: ${reason}`,
    };
  }
  return restored(`branch ${name} is deleted`, async () => {
    const { code: deleted, stderr } = await runGit(["update-ref", "-d", ref, sha], { cwd });
    if (deleted === 0) return true;
    throw new KitError("failed", `Cannot delete branch ${name}: ${stderr.trim()}`);
  });
}

/** Whether a commit is on a branch, here or as it was fetched last. */
async function isOnBranch({ root }: Repository, sha: string, branch: string): Promise<boolean> {
  const args = ["for-each-ref", "--contains", sha, "--format=%(refname)", "refs/heads", "refs/remotes"];
  // It fails if the commit is gone, which no branch has then.
  const { stdout } = await runGit(args, { cwd: root });
  return stdout.split("\n").some((ref) =>
    ref === `refs/heads/${branch}` || (ref.startsWith("refs/remotes/") && ref.split("/").slice(3).join("/") === branch)
  );
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
