import { KitError } from "../base/mod.ts";
import { runGit } from "./run_git.ts";

/** A git repository with a working tree. */
export interface Repository {
  /** Absolute path of the top folder of the working tree. */
  readonly root: string;
  /** Absolute path of the git folder that all working trees of the repository share. */
  readonly commonFolder: string;
}

/**
 * Find the repository that contains a folder.
 *
 * @param folder Any folder in a working tree
 * @returns The repository
 * @throws {KitError} `usage` if the folder does not exist or is not in a working tree, `inconclusive` if git is not
 * installed
 */
export async function openRepository(folder: string): Promise<Repository> {
  const { code, stdout } = await runGit(
    ["rev-parse", "--path-format=absolute", "--show-toplevel", "--git-common-dir"],
    { cwd: folder },
  );
  const [root, commonFolder] = stdout.split("\n");
  if (code === 0 && root && commonFolder) return { root, commonFolder };
  throw new KitError("usage", `Cannot use "${folder}": it is not in a git working tree`, {
    hint: "Run it in a checkout, or name one with --repo",
  });
}
