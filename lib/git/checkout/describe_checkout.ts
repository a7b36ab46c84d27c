import type { EvidenceCommit } from "../../base/mod.ts";
import { runGit } from "../run_git.ts";

/**
 * Describe the commit that is checked out in a folder, in the form that reports use. Nothing is changed, not even the
 * index.
 *
 * @param folder An existing folder
 * @returns The commit; without a hash and a ref if there is no commit, outside of a repository, or if git is not
 * installed
 */
export async function describeCheckout(folder: string): Promise<EvidenceCommit> {
  const readGit = async (...args: readonly string[]) => {
    const { code, stdout } = await runGit(args, { cwd: folder });
    return code === 0 ? stdout.trim() : "";
  };
  try {
    const sha = await readGit("rev-parse", "--verify", "--quiet", "HEAD");
    if (sha === "") return { sha, isDirty: false, ref: "" };
    const changes = await readGit("status", "--porcelain=v2", "--untracked-files=no");
    const ref = await readGit("symbolic-ref", "--short", "--quiet", "HEAD") ||
      await readGit("describe", "--tags", "--exact-match");
    return { sha, isDirty: changes !== "", ref };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "inconclusive") {
      return { sha: "", isDirty: false, ref: "" };
    }
    throw error;
  }
}
