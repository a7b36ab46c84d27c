import { join } from "node:path";
import type { GateRepository } from "../../lib/gate/mod.ts";
import { CONFIG_PATH, differsInVersionOnly } from "../../lib/installation/mod.ts";
import { askGit } from "../ask_git.ts";

/** Options of {@linkcode openGitRepository}. */
export interface GitRepositoryOptions {
  /** Signal that stops git. */
  readonly signal: AbortSignal;
  /**
   * Folder of the project, which may be below the root of the repository.
   *
   * @default {the working directory}
   */
  readonly folder?: string | undefined;
}

/**
 * Open the git repository of a project. This changes nothing, not even git's index.
 *
 * A report stays valid if deno.json changed in its version alone, because each stage of a release changes that. Nothing
 * else is left out: documents such as CHANGELOG.md and the notes change at a release too, but whether a check depends on
 * them is for the `sources` of a project to say.
 *
 * @param sources Paths whose changes are considered; all if empty
 * @returns The repository; `null` if git is not available or there is no commit
 */
export async function openGitRepository(
  sources: readonly string[],
  options: GitRepositoryOptions,
): Promise<GateRepository | null> {
  const { signal, folder = Deno.cwd() } = options;
  const ask = (...args: readonly string[]) => askGit(args, signal, folder);
  const sha = (await ask("rev-parse", "--verify", "-q", "HEAD"))?.trim();
  if (sha === undefined || sha === "") return null;
  const listChanges = async (commit: string, only: readonly string[] | null): Promise<readonly string[] | null> => {
    const paths = ["--", ...only ?? (sources.length === 0 ? ["."] : sources)];
    if (!/^[0-9a-f]{40,64}$/.test(commit)) return null;
    if (await ask("cat-file", "-e", `${commit}^{commit}`) === null) return null;
    const changed = await ask("diff", "--name-only", "--no-ext-diff", "-z", commit, ...paths);
    const added = await ask("ls-files", "--others", "--exclude-standard", "--full-name", "-z", ...paths);
    if (changed === null || added === null) return null;
    return [...new Set([...changed.split("\0"), ...added.split("\0")])].filter((path) => path !== "").toSorted();
  };
  /** Whether deno.json differs from the one of a commit in its version alone. */
  const isSameButVersion = async (commit: string, path: string): Promise<boolean> => {
    const before = await ask("cat-file", "blob", `${commit}:${path}`);
    const modes = await ask("diff", "--summary", "--no-ext-diff", commit, "--", CONFIG_PATH);
    const file = join(folder, CONFIG_PATH);
    const info = await Deno.lstat(file).catch(() => null);
    if (before === null || modes !== "" || info?.isFile !== true) return false;
    return differsInVersionOnly(before, await Deno.readTextFile(file));
  };
  const changed = await listChanges(sha, null);
  return {
    sha,
    // A version that is not committed yet is a change like any other.
    isDirty: changed === null || changed.length > 0,
    async changedSince(commit, only) {
      const paths = await listChanges(commit, only);
      const config = `${(await ask("rev-parse", "--show-prefix"))?.trim() ?? ""}${CONFIG_PATH}`;
      if (paths === null || !paths.includes(config) || !await isSameButVersion(commit, config)) return paths;
      return paths.filter((path) => path !== config);
    },
  };
}
