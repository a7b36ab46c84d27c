import { shell } from "../../base/mod.ts";
import { parseRef, type RepositoryFacts } from "../../git/mod.ts";
import { fillPattern, matchBranch } from "./branch_name.ts";
import type { Strategy } from "./strategy.ts";

/** A long-lived branch with commits that the remote lacks. */
export interface AheadBase {
  /** Short name, such as `main`. */
  readonly name: string;
  /** Full hash of the local branch. */
  readonly sha: string;
}

/**
 * Write the command that moves the commits of a long-lived branch to a branch of their own, which the gate judges, and
 * moves the long-lived one back to the remote's. A branch keeps the commits before anything moves, so none is lost.
 *
 * @param strategy The strategy
 * @param facts The repository
 * @param base The branch
 * @returns The command; a name to choose is in upper case
 */
export async function moveCommits(strategy: Strategy, facts: RepositoryFacts, base: AheadBase): Promise<string> {
  const { name } = base;
  const keeper = await findKeeper(strategy, facts, base);
  const work = keeper ?? nameWork(strategy, name);
  const back = shell`git branch --force ${name} ${facts.remoteName}/${name}`;
  if (facts.checkout.branch === name) {
    const leave = keeper === null ? shell`git switch --create ${work}` : shell`git switch ${work}`;
    return `${leave} && ${back}`;
  }
  return keeper === null ? `${shell`git branch ${work} ${name}`} && ${back}` : back;
}

/** Find a branch of the strategy that has the commits already; `null` if there is none. */
async function findKeeper(strategy: Strategy, facts: RepositoryFacts, { sha }: AheadBase): Promise<string | null> {
  for (const [ref, { commit }] of facts.local) {
    const { kind, name } = parseRef(ref);
    const purpose = (kind === "branch" ? matchBranch(strategy, name)?.rule.kind : undefined) ?? "develop";
    if (purpose !== "develop" && await facts.contains(commit, sha)) return name;
  }
  return null;
}

/** Name a branch for work that is merged into a long-lived one: `hotfix/NAME` for `main`, `feature/NAME` for `develop`. */
function nameWork({ branches }: Strategy, base: string): string {
  const rule = branches.find(({ name, from, into }) => {
    return from === base && into.includes(base) && name.includes("{name}");
  });
  return rule === undefined ? "NAME" : fillPattern(rule.name, { name: "NAME" });
}
