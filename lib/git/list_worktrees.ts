import type { Repository } from "./open_repository.ts";
import { git } from "./git.ts";

/** A working tree that a repository knows. */
export interface ListedWorktree {
  /** Where it is, or was. */
  readonly path: string;
  /** Whether it may not be removed: somebody locked it, or git died while it made it. */
  readonly isLocked: boolean;
}

/**
 * List the working trees that a repository knows.
 *
 * @param repository Which
 * @returns All, the main one first
 */
export async function listWorktrees(repository: Repository): Promise<readonly ListedWorktree[]> {
  const output = await git(["worktree", "list", "--porcelain", "-z"], { cwd: repository.root });
  return output.split("\0\0").filter((record) => record !== "").map((record) => {
    const lines = record.split("\0");
    const path = lines.find((line) => line.startsWith("worktree "))?.slice("worktree ".length) ?? "";
    return { path, isLocked: lines.some((line) => line === "locked" || line.startsWith("locked ")) };
  });
}
