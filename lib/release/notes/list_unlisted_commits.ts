import { git, type Repository } from "../../git/mod.ts";
import { CHANGES_FOLDER } from "./change_file.ts";
import { isNamedByEntry, wordsOfEntries } from "./_named_commit.ts";
import { type ConventionalCommit, parseConventionalCommit } from "./conventional_commit.ts";

/** Paths that tell of a change: its file, and the changelog, in which everything of the first release was written. */
const TOLD = [CHANGES_FOLDER, "CHANGELOG.md"];

/** A commit that users may notice and that came without a file of `changes/`. */
export interface UnlistedCommit extends ConventionalCommit {
  /** Full hash. */
  readonly sha: string;
  /** Whether an entry has its scope or most of its words, so that it is probably about it; never for one that breaks. */
  readonly isNamed: boolean;
}

/** Types of commits that users notice, the most important first. */
const NOTICED = ["feat", "perf", "fix", "revert"];

/** Options of {@linkcode listUnlistedCommits}. */
export interface ListUnlistedCommitsOptions {
  /** Full hash of the last release's commit; `null` for the whole history. */
  readonly since: string | null;
  /**
   * The entries of the release, as the body of its section in the changelog.
   *
   * @default {no entry}
   */
  readonly entries?: string | undefined;
}

/**
 * List the commits that users may notice, or that break something, and that did not change a file of `changes/`
 * themselves. Each change comes with its file there, so a commit that brought none was perhaps forgotten: most probably if
 * no entry names it.
 *
 * @param repository The repository
 * @param tip Full hash of the commit to be released
 * @param options Where to begin, and the entries
 * @returns The commits: what breaks something, then by type, the latest first; merges and messages of another form are
 * left out
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
    (await git(["log", "--no-merges", "--format=%H", ...range, "--", ...TOLD], { cwd })).split("\n"),
  );
  const entries = wordsOfEntries(options.entries ?? "");
  const commits = all.split("\0").filter(Boolean).flatMap((entry): readonly UnlistedCommit[] => {
    const [sha, ...message] = entry.split("\n");
    const commit = listed.has(sha!) ? null : parseConventionalCommit(message.join("\n"));
    if (commit === null || !(commit.isBreaking || NOTICED.includes(commit.type))) return [];
    return [{ sha: sha!, ...commit, isNamed: !commit.isBreaking && isNamedByEntry(entries, commit) }];
  });
  return commits.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function rankOf({ isBreaking, type }: UnlistedCommit): number {
  return isBreaking ? -1 : NOTICED.indexOf(type);
}
