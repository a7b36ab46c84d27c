import { KitError } from "../../base/mod.ts";
import type { ReleaseVersion } from "../versions/release_version.ts";
import type { ReleaseSurvey, SurveyedBranch } from "./survey_releases.ts";

/**
 * List the names that the branch of a release may have, the usual one first.
 *
 * @param base The release
 * @returns Short names, such as `release/v1.1-candidate`
 */
export function releaseBranchNames({ base }: ReleaseVersion): readonly string[] {
  const [major, minor, patch] = base.split(".");
  const short = patch === "0" ? [`release/v${major}.${minor}-candidate`] : [];
  return [...short, `release/v${base}-candidate`, `release/v${base}-alpha`];
}

/**
 * Find the branch of a release.
 *
 * @param base The release
 * @param survey The branches
 * @returns The branch, or `null` if there is none
 * @throws {KitError} `unsafe` if there are two
 */
export function findReleaseBranch(base: ReleaseVersion, survey: ReleaseSurvey): SurveyedBranch | null {
  const names = releaseBranchNames(base);
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
        hint: `Push it: git push --set-upstream ${remote} ${name}`,
      });
    case "ahead":
      throw new KitError("unsafe", `Cannot release with ${name}: it has commits that are not on ${remote}`, {
        hint: `Push them: git push ${remote} ${name}`,
      });
    case "diverged":
      throw new KitError("unsafe", `Cannot release with ${name}: here and on ${remote} it has different commits`, {
        hint: `Bring them together: git log --left-right ${name}...${remote}/${name}`,
      });
  }
}
