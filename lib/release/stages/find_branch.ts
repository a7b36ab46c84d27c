import { KitError, shell } from "../../base/mod.ts";
import { releaseBranches } from "../strategy/branch_name.ts";
import type { ReleaseVersion } from "../../installation/mod.ts";
import type { ReleaseSurvey, SurveyedBranch } from "./survey_releases.ts";

/**
 * Find the branch of a release.
 *
 * @param base The release
 * @param survey The branches
 * @returns The branch, or `null` if there is none
 * @throws {KitError} `unsafe` if there are two
 */
export function findReleaseBranch(base: ReleaseVersion, survey: ReleaseSurvey): SurveyedBranch | null {
  const names = releaseBranches(survey.strategy, base.base).map(({ name }) => name);
  const [first, second] = survey.branches.filter(({ name }) => names.includes(name));
  if (second === undefined) return first ?? null;
  throw new KitError("unsafe", `Cannot release ${base.text}: it has two branches, ${first!.name} and ${second.name}`, {
    hint: "Keep the one that people work on",
  });
}

/**
 * Return the commit that a branch has on the remote, which is what others see and what is released.
 *
 * @param branch The branch
 * @param remote Name of the remote
 * @returns Full hash
 * @throws {KitError} `unsafe` if there are commits here that are not pushed
 */
export function pushedTipOf(branch: SurveyedBranch, remote: string): string {
  const { name, relation } = branch;
  switch (relation) {
    case "same":
    case "behind":
    case "remote":
      return branch.remote!;
    case "unpushed":
      throw new KitError("unsafe", `Cannot release from ${name}: it is not on ${remote}`, {
        hint: shell`Push it: git push --set-upstream ${remote} ${name}`,
      });
    case "ahead":
      throw new KitError("unsafe", `Cannot release with ${name}: it has commits that are not on ${remote}`, {
        hint: shell`Push them: git push ${remote} ${name}`,
      });
    case "diverged":
      throw new KitError("unsafe", `Cannot release with ${name}: here and on ${remote} it has different commits`, {
        hint: shell`Bring them together: git log --left-right ${name}...${remote}/${name}`,
      });
  }
}

/**
 * Find the branch from which releases begin, or one into which they are merged.
 *
 * @param survey The branches
 * @param name Short name, such as `main`
 * @returns The branch
 * @throws {KitError} `usage` if there is none, as `settleBase()`: the remote or the strategy is not the right one
 */
export function requireBranch({ branches, remote }: ReleaseSurvey, name: string): SurveyedBranch {
  const branch = branches.find((one) => one.name === name);
  if (branch !== undefined) return branch;
  throw new KitError("usage", `Cannot release: neither here nor on ${remote} is a branch ${name}`, {
    hint: "Is this the right remote? See git remote --verbose, --remote, and config/branches.yml",
  });
}
