import type { Repository } from "../open_repository.ts";
import { git } from "../git.ts";

/** An entry of a repository's list of working trees. */
export interface ListedWorktree {
  /** Absolute path of the tree; its folder may be missing. */
  readonly path: string;
  /** Short name of the branch that is checked out there; `null` if HEAD is detached or the tree is bare. */
  readonly branch: string | null;
  /** Whether the tree is locked against removal, either by a user or because git died while creating it. */
  readonly isLocked: boolean;
}

/**
 * List the working trees of a repository.
 *
 * @param repository The repository
 * @returns All entries, the main working tree first
 */
export async function listWorktrees(repository: Repository): Promise<readonly ListedWorktree[]> {
  const output = await git(["worktree", "list", "--porcelain", "-z"], { cwd: repository.root });
  return output.split("\0\0").filter((record) => record !== "").map((record) => {
    const lines = record.split("\0");
    const path = lines.find((line) => line.startsWith("worktree "))?.slice("worktree ".length) ?? "";
    const head = lines.find((line) => line.startsWith("branch refs/heads/"));
    const branch = head?.slice("branch refs/heads/".length) ?? null;
    return { path, branch, isLocked: lines.some((line) => line === "locked" || line.startsWith("locked ")) };
  });
}
