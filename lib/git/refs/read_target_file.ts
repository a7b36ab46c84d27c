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
   * The remote whose branch is read first. The local branch of the same name is only a substitute, because it may have
   * commits that nobody has reviewed.
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
  const candidates = [
    { ref: `${remote}/${branch}`, fullName: `refs/remotes/${remote}/${branch}` },
    { ref: branch, fullName: `refs/heads/${branch}` },
  ];
  for (const { ref, fullName } of candidates) {
    const hash = await outputIfAny(["rev-parse", "--verify", "-q", `${fullName}^{commit}`], { cwd, signal });
    if (hash === null) continue;
    const commit = hash.trim();
    return { ref, commit, text: await outputIfAny(["cat-file", "blob", `${commit}:./${path}`], { cwd, signal }) };
  }
  return null;
}

/** Standard output of git; `null` if git fails or is not installed. */
async function outputIfAny(
  args: readonly string[],
  options: Pick<TargetFileOptions, "cwd" | "signal">,
): Promise<string | null> {
  try {
    const { code, stdout } = await runGit(args, options);
    return code === 0 ? stdout : null;
  } catch (error) {
    const isNotInstalled = error instanceof KitError && error.code === "inconclusive";
    if (isNotInstalled) return null;
    throw error;
  }
}
