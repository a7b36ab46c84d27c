import { KitError } from "../base/mod.ts";
import { runGit } from "./run_git.ts";

/** A repository on disk. */
export interface Repository {
  /** The top of the working tree. */
  readonly root: string;
  /** The folder that all of its worktrees share. */
  readonly commonFolder: string;
}

/**
 * Find the repository that a folder is in.
 *
 * @param folder Any folder of a working tree
 * @returns The repository
 * @throws {KitError} `usage` if there is none, `inconclusive` if git is not installed
 */
export async function openRepository(folder: string): Promise<Repository> {
  const { code, stdout } = await runGit(
    ["rev-parse", "--path-format=absolute", "--show-toplevel", "--git-common-dir"],
    { cwd: folder },
  );
  const [root, commonFolder] = stdout.split("\n");
  if (code === 0 && root && commonFolder) return { root, commonFolder };
  throw new KitError("usage", `Cannot use "${folder}": it is in no git working tree`, {
    hint: "Run it in a checkout, or name one with --repo",
  });
}
