import { git } from "../git.ts";
import type { Repository } from "../open_repository.ts";

/** Something that git has begun in a working tree and that waits for `--continue` or `--abort`. */
export type GitActivity = "rebase" | "merge" | "cherry-pick" | "revert" | "bisect" | "am";

/** State of the working tree from which a command was started. */
export interface Checkout {
  /** Short name of the branch, such as `develop`; `null` if HEAD is detached. */
  readonly branch: string | null;
  /** Full hash of HEAD; `null` if there is no commit yet. */
  readonly sha: string | null;
  /** What git has begun and not ended there; `null` if nothing. */
  readonly activity: GitActivity | null;
  /** Whether the history was cut by `git clone --depth`. */
  readonly isShallow: boolean;
  /** Paths of tracked files with staged or unstaged changes, submodules included. */
  readonly changed: readonly string[];
  /** Paths of untracked files that no rule ignores. */
  readonly untracked: readonly string[];
}

/** Files of git that exist while an activity is under way. The first that exists decides. */
const MARKS: readonly (readonly [string, GitActivity])[] = [
  ["rebase-merge", "rebase"],
  ["rebase-apply/applying", "am"],
  ["rebase-apply", "rebase"],
  ["MERGE_HEAD", "merge"],
  ["CHERRY_PICK_HEAD", "cherry-pick"],
  ["REVERT_HEAD", "revert"],
  ["BISECT_LOG", "bisect"],
];

/**
 * Read the state of a working tree. Nothing is changed, not even the index.
 *
 * @param repository The repository
 * @returns Branch, changes and what is under way
 */
export async function readCheckout(repository: Repository): Promise<Checkout> {
  const cwd = repository.root;
  const status = await git(["status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all"], { cwd });
  const { isShallow, activity } = await readGitFolder(repository);
  const entries = status.split("\0");
  const header = (name: string) => entries.find((entry) => entry.startsWith(`# ${name} `))?.slice(name.length + 3);
  const branch = header("branch.head");
  const sha = header("branch.oid");
  const changed: string[] = [];
  const untracked: string[] = [];
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index]!;
    if (entry.startsWith("? ")) untracked.push(entry.slice(2));
    // The original path of a renamed file follows as an entry of its own.
    if (entry.startsWith("2 ")) {
      changed.push(entry.split(" ").slice(9).join(" "));
      index++;
    }
    if (entry.startsWith("1 ")) changed.push(entry.split(" ").slice(8).join(" "));
    if (entry.startsWith("u ")) changed.push(entry.split(" ").slice(10).join(" "));
  }
  return {
    branch: branch === undefined || branch === "(detached)" ? null : branch,
    sha: sha === undefined || sha === "(initial)" ? null : sha,
    activity,
    isShallow,
    changed,
    untracked,
  };
}

/** Read what only the files of git say. */
async function readGitFolder({ root }: Repository): Promise<Pick<Checkout, "activity" | "isShallow">> {
  const questions = ["--is-shallow-repository", "--path-format=absolute"];
  const places = MARKS.flatMap(([name]) => ["--git-path", name]);
  const output = await git(["rev-parse", ...questions, ...places], { cwd: root });
  const [isShallow, ...paths] = output.split("\n");
  return { isShallow: isShallow === "true", activity: await findActivity(paths) };
}

async function findActivity(paths: readonly string[]): Promise<GitActivity | null> {
  for (const [index, [, activity]] of MARKS.entries()) {
    if (await Deno.lstat(paths[index]!).then(() => true, () => false)) return activity;
  }
  return null;
}
