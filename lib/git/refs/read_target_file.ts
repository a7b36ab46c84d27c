import { KitError } from "../../base/mod.ts";
import { runGit } from "../run_git.ts";

/** A file on the branch that changes are merged into. */
export interface TargetFile {
  /** The branch as git names it: `origin/main`, or `main` if no remote is known to have it. */
  readonly ref: string;
  /** Full hash of its last commit. */
  readonly commit: string;
  /** The content; `null` if the branch has no such file. */
  readonly text: string | null;
}

/** Options of {@linkcode readTargetFile}. */
export interface TargetFileOptions {
  /** A folder of the repository, to which the path is relative. */
  readonly cwd: string;
  /**
   * The branch.
   *
   * @default {"main"}
   */
  readonly branch?: string | undefined;
  /**
   * The remote whose branch counts before the one of the same name here, which may have commits that nobody judged.
   *
   * @default {"origin"}
   */
  readonly remote?: string | undefined;
  /** Stops git. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Read a file of the branch that changes are merged into. Rules that judge a change are read with it, because the change
 * may loosen the ones that are checked out.
 *
 * @param path Path of the file, relative to `cwd`
 * @returns The file; `null` if there is no such branch, or no repository
 */
export async function readTargetFile(path: string, options: TargetFileOptions): Promise<TargetFile | null> {
  const { cwd, branch = "main", remote = "origin", signal } = options;
  for (
    const [ref, full] of [[`${remote}/${branch}`, `refs/remotes/${remote}/${branch}`], [branch, `refs/heads/${branch}`]]
  ) {
    const commit = (await ask(["rev-parse", "--verify", "-q", `${full}^{commit}`], { cwd, signal }))?.trim();
    if (commit === undefined) continue;
    return { ref: ref!, commit, text: await ask(["cat-file", "blob", `${commit}:./${path}`], { cwd, signal }) };
  }
  return null;
}

/** Standard output of git; `null` if git fails or is not installed. */
async function ask(
  args: readonly string[],
  options: Pick<TargetFileOptions, "cwd" | "signal">,
): Promise<string | null> {
  try {
    const { code, stdout } = await runGit(args, options);
    return code === 0 ? stdout : null;
  } catch (error) {
    if (error instanceof KitError && error.code === "inconclusive") return null;
    throw error;
  }
}
