import { KitError } from "../../base/mod.ts";
import { git, type Repository, runGit } from "../../git/mod.ts";

/** Options of {@linkcode listReverts}. */
export interface ListRevertsOptions {
  /** Full hash of the commit to go back to. */
  readonly target: string;
  /** Full hash of the tip of the branch. */
  readonly tip: string;
  /** The target's tag, for messages. */
  readonly tag: string;
  /** The branch, for messages. */
  readonly branch: string;
}

/** A commit to revert. */
export interface RevertedCommit {
  /** Full hash. */
  readonly sha: string;
  /** First line of its message. */
  readonly subject: string;
  /** Whether it is a merge, which is reverted as a whole: everything that it brought into the branch. */
  readonly isMerge: boolean;
}

/**
 * List the commits of a branch to revert, the newest first. Only the branch's own line is followed: what a merge brought
 * goes with the merge.
 *
 * @param repository The repository
 * @param options Target and tip
 * @returns The commits
 * @throws {KitError} `usage` if there is nothing to revert, or the target is not on the branch's own line
 */
export async function listReverts(
  repository: Repository,
  options: ListRevertsOptions,
): Promise<readonly RevertedCommit[]> {
  const { target, tip, tag, branch } = options;
  const args = ["log", "--no-show-signature", "--first-parent", "--format=%H%x00%P%x00%s", tip];
  const lines = (await git(args, { cwd: repository.root })).trimEnd().split("\n").map((line) => line.split("\0"));
  const end = lines.findIndex(([sha]) => sha === target);
  if (end === -1) {
    throw new KitError("usage", `Cannot revert ${branch} to ${tag}: that tag is not on its line of commits`, {
      hint: `Use --mode worktree or --mode install, or name the branch that has it with --branch`,
    });
  }
  if (end === 0) {
    throw new KitError("usage", `Cannot revert ${branch} to ${tag}: the branch is at that tag already`, {
      hint: "There is nothing to do",
    });
  }
  return lines.slice(0, end).map(([sha = "", parents = "", subject = ""]) => ({
    sha,
    subject,
    isMerge: parents.includes(" "),
  }));
}

/** Options of {@linkcode revertCommits}. */
export interface RevertCommitsOptions {
  /** Folder of a working tree that has the tip checked out. */
  readonly tree: string;
  /** The commits, the newest first. */
  readonly commits: readonly RevertedCommit[];
  /** Stops git. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Revert commits one by one in a working tree, each by a commit of its own, so that they can be reviewed and brought
 * back one by one. The commits are not signed: the branch is for review, and a missing key must not stop a rollback.
 *
 * @param options Tree and commits
 * @throws {KitError} `failed` with the names of the files if there is a conflict
 */
export async function revertCommits(options: RevertCommitsOptions): Promise<void> {
  const { tree, commits, signal } = options;
  for (const { sha, subject, isMerge } of commits) {
    const { code, stderr } = await runGit(revertArgs({ sha, isMerge }), { cwd: tree, signal });
    if (code === 0) continue;
    const conflicts = await git(["diff", "--name-only", "--diff-filter=U", "-z"], { cwd: tree });
    const files = conflicts.split("\0").filter((name) => name !== "");
    // A commit without changes has nothing to revert.
    if (files.length === 0 && await isUnchanged(tree)) {
      await runGit(["revert", "--skip"], { cwd: tree, signal });
      continue;
    }
    const reason = files.length > 0
      ? `conflicts in ${files.slice(0, 10).join(", ")}${files.length > 10 ? ` and ${files.length - 10} more` : ""}`
      : stderr.trim().split("\n").at(-1) ?? "";
    throw new KitError("failed", `Cannot revert ${sha.slice(0, 9)} "${subject}": ${reason}`, {
      hint: "Use --mode worktree or --mode install, which need no reverts",
    });
  }
}

/** Arguments of git that revert one commit. */
export function revertArgs({ sha, isMerge }: Pick<RevertedCommit, "sha" | "isMerge">): readonly string[] {
  return ["-c", "core.autocrlf=false", "revert", "--no-edit", "--no-gpg-sign", ...isMerge ? ["-m", "1"] : [], sha];
}

async function isUnchanged(tree: string): Promise<boolean> {
  return (await git(["status", "--porcelain", "--untracked-files=no"], { cwd: tree })).trim() === "";
}

/**
 * Require that git knows who commits, before anything is changed.
 *
 * @param repository The repository
 * @throws {KitError} `usage` if name or address are missing
 */
export async function requireIdentity(repository: Repository): Promise<void> {
  const { code } = await runGit(["var", "GIT_COMMITTER_IDENT"], { cwd: repository.root });
  const { code: strict } = await runGit(["-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT"], {
    cwd: repository.root,
  });
  if (code === 0 && strict === 0) return;
  throw new KitError("usage", "Cannot make commits: git does not know who you are", {
    hint: "Set git config user.name and git config user.email",
  });
}
