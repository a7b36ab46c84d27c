import { closest, formatCount, KitError, removeInvisible, shell } from "../../base/mod.ts";
import { listBranchNames, type RepositoryFacts } from "../../git/mod.ts";
import { moveCommits } from "./_move_commits.ts";
import type { Strategy } from "./strategy.ts";

/** Where a branch is, here and on the remote. */
export interface BranchPosition {
  /** Short name. */
  readonly name: string;
  /** Full hash of the local branch; `null` if there is none. */
  readonly local: string | null;
  /** Full hash of the branch on the remote; `null` if there is none. */
  readonly remote: string | null;
}

/**
 * Look a branch up.
 *
 * @param facts The repository
 * @param name Short name
 * @returns Where it is
 */
export function positionOfBranch(facts: RepositoryFacts, name: string): BranchPosition {
  const ref = `refs/heads/${name}`;
  return { name, local: facts.local.get(ref)?.sha ?? null, remote: facts.remote.get(ref)?.sha ?? null };
}

/**
 * Return the commit of a long-lived branch, which is the remote's. The local branch may be behind, but must have no
 * commits of its own.
 *
 * @param strategy The strategy
 * @param facts The repository
 * @param name Short name, such as `main`
 * @returns Full hash
 * @throws {KitError} `usage` if the remote has no such branch, `unsafe` if the local one has commits of its own
 */
export async function settleBase(strategy: Strategy, facts: RepositoryFacts, name: string): Promise<string> {
  const { local, remote } = positionOfBranch(facts, name);
  if (remote === null) throw missingBase(facts, name);
  if (local === null || await facts.contains(remote, local)) return remote;
  const own = await facts.countMissing(local, remote);
  const isDiverged = !await facts.contains(local, remote);
  const move = await moveCommits(strategy, facts, { name, sha: local });
  throw new KitError(
    "unsafe",
    `Cannot build on ${name}: ${describeOwn(own)} that ${facts.remoteName} does not have` +
      (isDiverged ? `, and ${facts.remoteName} has others` : ""),
    {
      hint: `Move ${own === 1 ? "it" : "them"} to a branch of ${own === 1 ? "its" : "their"} own: ${move}`,
    },
  );
}

function describeOwn(count: number): string {
  return count === 1 ? "it has a commit" : `it has ${count} commits`;
}

function missingBase(facts: RepositoryFacts, name: string): KitError {
  const names = listBranchNames(facts.remote);
  if (names.length === 0) {
    return new KitError("usage", `Cannot find ${name}: the remote "${facts.remoteName}" has no branches yet`, {
      hint: shell`Push it first: git push ${facts.remoteName} ${name}`,
    });
  }
  const near = closest(name, names) ?? names.find((one) => ["main", "master", "trunk"].includes(one)) ?? names[0]!;
  return new KitError("usage", `Cannot find ${name}: the remote "${facts.remoteName}" has no such branch`, {
    hint: `If it is called ${near} there, say so in config/branches.yml`,
  });
}

/** The commit of a branch that somebody works on. */
export interface TopicTip {
  /** Full hash of the latest commit. */
  readonly sha: string;
  /** Full hash on the remote, if the local branch is ahead of it, or `null` if the remote lacks it. */
  readonly pushFrom: string | null;
  /** Whether the local branch has commits that the remote lacks. */
  readonly isAhead: boolean;
}

/**
 * Return the latest commit of a branch that somebody works on, wherever it is.
 *
 * @param facts The repository
 * @param name Short name, such as `hotfix/security`
 * @returns Its tip
 * @throws {KitError} `usage` if there is no such branch, `unsafe` if the local one and the remote's have diverged
 */
export async function settleTopic(facts: RepositoryFacts, name: string): Promise<TopicTip> {
  const { local, remote } = positionOfBranch(facts, name);
  if (local === null && remote === null) throw missingTopic(facts, name);
  if (local === null || local === remote) return { sha: (remote ?? local)!, pushFrom: remote, isAhead: false };
  if (remote === null || await facts.contains(local, remote)) return { sha: local, pushFrom: remote, isAhead: true };
  if (await facts.contains(remote, local)) return { sha: remote, pushFrom: remote, isAhead: false };
  throw new KitError(
    "unsafe",
    `Cannot use ${name}: here it has ${
      formatCount(await facts.countMissing(local, remote), "commit")
    } that ${facts.remoteName} lacks, ` +
      `and ${facts.remoteName} has ${formatCount(await facts.countMissing(remote, local), "commit")} that it lacks`,
    { hint: shell`Bring them together: git switch ${name} && git pull --rebase` },
  );
}

function missingTopic(facts: RepositoryFacts, name: string): KitError {
  const names = listBranchNames(facts.local, facts.remote);
  const message = `Cannot find the branch "${name}": neither here nor on ${facts.remoteName}`;
  if (names.some((one) => removeInvisible(one) === name)) {
    return new KitError("usage", message, {
      hint: "There is one that looks the same, with an invisible character in its name: rename it first",
    });
  }
  const near = closest(name, names);
  return new KitError("usage", message, {
    hint: near === undefined ? "See what there is: civitai-dl branch status" : `Did you mean ${near}?`,
  });
}
