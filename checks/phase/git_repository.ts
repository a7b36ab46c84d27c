import type { GateRepository } from "../../lib/gate/mod.ts";
import { askGit } from "../ask_git.ts";

/**
 * Open the git repository of the working directory. This changes nothing, not even git's index.
 *
 * @param sources Paths whose changes are considered; all if empty
 * @param signal Signal that stops git
 * @returns The repository; `null` if git is not available or there is no commit
 */
export async function openGitRepository(
  sources: readonly string[],
  signal: AbortSignal,
): Promise<GateRepository | null> {
  const sha = (await askGit(["rev-parse", "--verify", "-q", "HEAD"], signal))?.trim();
  if (sha === undefined || sha === "") return null;
  const changedSince = async (commit: string, only: readonly string[] | null): Promise<readonly string[] | null> => {
    const paths = ["--", ...only ?? (sources.length === 0 ? ["."] : sources)];
    if (!/^[0-9a-f]{40,64}$/.test(commit)) return null;
    if (await askGit(["cat-file", "-e", `${commit}^{commit}`], signal) === null) return null;
    const changed = await askGit(["diff", "--name-only", "--no-ext-diff", "-z", commit, ...paths], signal);
    const added = await askGit(["ls-files", "--others", "--exclude-standard", "-z", ...paths], signal);
    if (changed === null || added === null) return null;
    return [...new Set([...changed.split("\0"), ...added.split("\0")])].filter((path) => path !== "").toSorted();
  };
  const changed = await changedSince(sha, null);
  return { sha, isDirty: changed === null || changed.length > 0, changedSince };
}
