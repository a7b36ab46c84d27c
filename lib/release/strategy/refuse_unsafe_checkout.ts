import { KitError } from "../../base/mod.ts";
import type { Checkout } from "../../git/mod.ts";

const ENDINGS: Readonly<Record<NonNullable<Checkout["activity"]>, string>> = {
  "rebase": "git rebase --continue or --abort",
  "merge": "git merge --continue or --abort",
  "cherry-pick": "git cherry-pick --continue or --abort",
  "revert": "git revert --continue or --abort",
  "bisect": "git bisect reset",
  "am": "git am --continue or --abort",
};

/**
 * Refuse to change branches while the user's working tree is in the middle of something. The commands would not touch
 * it, but what they start from might not be what the user means.
 *
 * @param checkout State of the working tree
 * @throws {KitError} `unsafe` with the reason, and how to end it
 */
export function refuseUnsafeCheckout(checkout: Checkout): void {
  const { activity, branch, changed, isShallow, sha } = checkout;
  if (activity !== null) {
    const name = activity === "am" ? "an am session" : `a ${activity}`;
    throw refusal(`${name} is under way here`, `End it first: ${ENDINGS[activity]}`);
  }
  if (sha === null) throw refusal("this repository has no commit yet", "Make the first commit and push it");
  if (branch === null) {
    throw refusal(`HEAD is detached at ${sha.slice(0, 12)}`, "Switch to a branch first: git switch main");
  }
  if (isShallow) throw refusal("the history of this clone is cut", "Get the rest first: git fetch --unshallow");
  if (changed.length > 0) {
    const more = changed.length > 3 ? ` and ${changed.length - 3} more` : "";
    throw refusal(
      `there are uncommitted changes: ${changed.slice(0, 3).join(", ")}${more}`,
      "Commit or stash them first: git status",
    );
  }
}

function refusal(reason: string, hint: string): KitError {
  return new KitError("unsafe", `Cannot change branches: ${reason}`, { hint });
}
