import { KitError, shell } from "../../base/mod.ts";
import type { Checkout } from "../../git/mod.ts";

const ENDINGS: Readonly<Record<NonNullable<Checkout["activity"]>, string>> = {
  "rebase": "git rebase --continue; or give it up: git rebase --abort",
  "merge": "git merge --continue; or give it up: git merge --abort",
  "cherry-pick": "git cherry-pick --continue; or give it up: git cherry-pick --abort",
  "revert": "git revert --continue; or give it up: git revert --abort",
  "bisect": "git bisect reset",
  "am": "git am --continue; or give it up: git am --abort",
};

/** Why branches cannot be changed now, and what to do about it. */
export interface UnsafeCheckout {
  /** What is the matter, as the end of a sentence. */
  readonly reason: string;
  /** What to do, and the command for it: `Commit or stash them first: git status`. */
  readonly hint: string;
}

/**
 * Explain why branches should not be changed now: the user's working tree is in the middle of something. The commands
 * would not touch it, but what they start from might not be what the user means.
 *
 * @param checkout State of the working tree
 * @param main Short name of the stable branch
 * @returns The reason; `null` if branches can be changed
 */
export function explainUnsafeCheckout(checkout: Checkout, main: string): UnsafeCheckout | null {
  const { activity, branch, changed, isShallow, sha } = checkout;
  if (activity !== null) {
    const name = activity === "am" ? "an am session" : `a ${activity}`;
    return { reason: `${name} is under way here`, hint: `End it first: ${ENDINGS[activity]}` };
  }
  if (sha === null) {
    return { reason: "this repository has no commit yet", hint: "Make the first commit and push it: git commit" };
  }
  if (branch === null) {
    return {
      reason: `HEAD is detached at ${sha.slice(0, 12)}`,
      hint: shell`Switch to a branch first: git switch ${main}`,
    };
  }
  if (isShallow) {
    return { reason: "the history of this clone is cut", hint: "Get the rest first: git fetch --unshallow" };
  }
  if (changed.length === 0) return null;
  const more = changed.length > 3 ? ` and ${changed.length - 3} more` : "";
  return {
    reason: `there are uncommitted changes: ${changed.slice(0, 3).join(", ")}${more}`,
    hint: "Commit or stash them first: git status",
  };
}

/**
 * Refuse to change branches while the user's working tree is in the middle of something.
 *
 * @param checkout State of the working tree
 * @param main Short name of the stable branch
 * @throws {KitError} `unsafe` with the reason, and how to end it
 */
export function refuseUnsafeCheckout(checkout: Checkout, main: string): void {
  const unsafe = explainUnsafeCheckout(checkout, main);
  if (unsafe === null) return;
  throw new KitError("unsafe", `Cannot change branches: ${unsafe.reason}`, { hint: unsafe.hint });
}
