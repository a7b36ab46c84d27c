import { git, type Repository } from "../../git/mod.ts";
import { type ConventionalCommit, parseConventionalCommit } from "./conventional_commit.ts";

/** A commit that users may notice and that came without a line in the changelog. */
export interface UnlistedCommit extends ConventionalCommit {
  /** Full hash. */
  readonly sha: string;
}

/** Types of commits that users notice. */
const NOTICED = ["feat", "fix", "perf", "revert"];

/** Options of {@linkcode listUnlistedCommits}. */
export interface ListUnlistedCommitsOptions {
  /** Full hash of the last release's commit; `null` for the whole history. */
  readonly since: string | null;
}

/**
 * List the commits that users may notice, or that break something, and that did not change `CHANGELOG.md` themselves.
 * Each change comes with its line there, so a commit that brought none was perhaps forgotten.
 *
 * @param repository The repository
 * @param tip Full hash of the commit to be released
 * @param options Where to begin
 * @returns The commits, the latest first; merges and messages of another form are left out
 */
export async function listUnlistedCommits(
  repository: Repository,
  tip: string,
  options: ListUnlistedCommitsOptions,
): Promise<readonly UnlistedCommit[]> {
  const range = options.since === null ? [tip] : [tip, `^${options.since}`];
  const cwd = repository.root;
  const all = await git(["log", "--no-merges", "-z", "--format=%H%n%B", ...range, "--"], { cwd });
  const listed = new Set(
    (await git(["log", "--no-merges", "--format=%H", ...range, "--", "CHANGELOG.md"], { cwd })).split("\n"),
  );
  return all.split("\0").filter(Boolean).flatMap((entry) => {
    const [sha, ...message] = entry.split("\n");
    const commit = listed.has(sha!) ? null : parseConventionalCommit(message.join("\n"));
    if (commit === null || !(commit.isBreaking || NOTICED.includes(commit.type))) return [];
    return [{ sha: sha!, ...commit }];
  });
}
