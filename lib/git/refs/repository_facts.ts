import { type Checkout, readCheckout } from "../checkout/read_checkout.ts";
import { git } from "../git.ts";
import type { Repository } from "../open_repository.ts";
import { listWorktrees } from "../worktrees/list_worktrees.ts";
import { containsCommit, countCommits, isOnLine } from "./contains_commit.ts";
import { hasChanges } from "./has_changes.ts";
import { readRefs, type Refs } from "./read_refs.ts";
import { fetchRemote, readRemoteRefs, requireRemote, trackedRefs } from "./remote_refs.ts";

/** Options of {@linkcode readRepositoryFacts}. */
export interface RepositoryFactsOptions {
  /** Name of the remote, such as `origin`. */
  readonly remote: string;
  /**
   * Whether to take the remote's branches from the last fetch instead of asking it.
   *
   * @default {false}
   */
  readonly isOffline?: boolean | undefined;
  /** Stops git; the call then rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
}

/** What a decision about branches is made from. All of it was read at one moment, and changes nothing. */
export interface RepositoryFacts {
  /** Name of the remote. */
  readonly remoteName: string;
  /** Whether the remote was not asked, so that its refs are those of the last fetch, with the local tags. */
  readonly isOffline: boolean;
  /** State of the user's working tree. */
  readonly checkout: Checkout;
  /** Local branches and tags by full name. */
  readonly local: Refs;
  /** Branches and tags of the remote by full name. */
  readonly remote: Refs;
  /** Short names of the branches that are checked out in any working tree of the repository. */
  readonly checkedOut: ReadonlySet<string>;
  /** Checks whether the first commit is the second one or has it in its history. */
  readonly contains: (commit: string, ancestor: string) => Promise<boolean>;
  /** Checks whether following first parents from the first commit leads to the second one. */
  readonly isOnLine: (commit: string, ancestor: string) => Promise<boolean>;
  /** Checks whether the first commit has all changes of the second one, so that merging it would change nothing. */
  readonly hasChanges: (commit: string, other: string) => Promise<boolean>;
  /** Counts the commits that the first commit has in its history and the second one lacks. */
  readonly countMissing: (commit: string, base: string) => Promise<number>;
  /** Lists the paths of all files of a commit, with `/`. */
  readonly listPaths: (commit: string) => Promise<readonly string[]>;
}

/**
 * Read everything that a decision about branches needs. Unless it is offline, the remote is asked first, and what it
 * has and the repository lacks is fetched.
 *
 * @param repository The repository
 * @param options Remote, offline, signal
 * @returns The facts
 * @throws {KitError} As `readRemoteRefs()`; if it is offline, only `usage` if there is no such remote
 */
export async function readRepositoryFacts(
  repository: Repository,
  options: RepositoryFactsOptions,
): Promise<RepositoryFacts> {
  const { remote: remoteName, isOffline = false, signal } = options;
  const { local, remote } = isOffline
    ? await readTrackedRefs(repository, remoteName)
    : await readFetchedRefs(repository, remoteName, signal);
  const trees = await listWorktrees(repository);
  return {
    remoteName,
    isOffline,
    checkout: await readCheckout(repository),
    local,
    remote,
    checkedOut: new Set(trees.flatMap(({ branch }) => branch ?? [])),
    contains: (commit, ancestor) => containsCommit(repository, commit, ancestor),
    isOnLine: (commit, ancestor) => isOnLine(repository, commit, ancestor),
    hasChanges: (commit, other) => hasChanges(repository, commit, other),
    countMissing: (commit, base) => countCommits(repository, commit, base),
    listPaths: async (commit) => {
      const names = await git(["ls-tree", "-r", "--name-only", "-z", commit], { cwd: repository.root });
      return names.split("\0").filter(Boolean);
    },
  };
}

type BothRefs = Pick<RepositoryFacts, "local" | "remote">;

async function readTrackedRefs(repository: Repository, remoteName: string): Promise<BothRefs> {
  await requireRemote(repository, remoteName);
  const local = await readRefs(repository);
  return { local, remote: trackedRefs(local, remoteName) };
}

/** Read the refs of both sides, with every commit that the remote names. */
async function readFetchedRefs(
  repository: Repository,
  remoteName: string,
  signal: AbortSignal | undefined,
): Promise<BothRefs> {
  const remote = await readRemoteRefs(repository, remoteName, { signal });
  const local = await readRefs(repository);
  if (isFetched(remote, trackedRefs(local, remoteName))) return { local, remote };
  await fetchRemote(repository, remoteName, { signal });
  return { local: await readRefs(repository), remote };
}

/** Check whether a fetch would change nothing: it moves remote-tracking branches, and adds tags, but never moves one. */
function isFetched(remote: Refs, tracked: Refs): boolean {
  return [...remote].every(([name, { sha }]) =>
    name.startsWith("refs/tags/") ? tracked.has(name) : tracked.get(name)?.sha === sha
  );
}
