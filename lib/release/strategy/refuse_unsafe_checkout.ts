import { KitError, shell } from "../../base/mod.ts";
import type { Checkout, GitActivity } from "../../git/mod.ts";

/** Why branches cannot be changed now, and what to do about it. */
export interface UnsafeCheckout {
  /** What is the matter, as the end of a sentence. */
  readonly reason: string;
  /** What to do first, in words. */
  readonly advice: string;
  /** The command for it. */
  readonly command: string;
  /** The command that gives up what is under way; `null` if the first one does, or if nothing is. */
  readonly abort: string | null;
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
  if (activity !== null) return explainActivity(activity);
  if (sha === null) {
    const advice = "Make the first commit and push it";
    return { reason: "this repository has no commit yet", advice, command: "git commit", abort: null };
  }
  if (branch === null) {
    const reason = `HEAD is detached at ${sha.slice(0, 12)}`;
    return { reason, advice: "Switch to a branch first", command: shell`git switch ${main}`, abort: null };
  }
  if (isShallow) {
    const reason = "the history of this clone is cut";
    return { reason, advice: "Get the rest first", command: "git fetch --unshallow", abort: null };
  }
  if (changed.length === 0) return null;
  const more = changed.length > 3 ? ` and ${changed.length - 3} more` : "";
  const reason = `there are uncommitted changes: ${changed.slice(0, 3).join(", ")}${more}`;
  return { reason, advice: "Commit or stash them first", command: "git status", abort: null };
}

function explainActivity(activity: GitActivity): UnsafeCheckout {
  const reason = `${activity === "am" ? "an am session" : `a ${activity}`} is under way here`;
  const advice = "End it first";
  if (activity === "bisect") return { reason, advice, command: "git bisect reset", abort: null };
  return { reason, advice, command: shell`git ${activity} --continue`, abort: shell`git ${activity} --abort` };
}

/**
 * Mention files that were perhaps forgotten: they are in no commit, so nothing that is merged has them.
 *
 * @param checkout State of the working tree
 * @returns A sentence without a period; none without such files
 */
export function describeUntracked({ untracked }: Pick<Checkout, "untracked">): readonly string[] {
  if (untracked.length === 0) return [];
  const more = untracked.length > 3 ? ` and ${untracked.length - 3} more` : "";
  return [`Untracked here, so in no commit: ${untracked.slice(0, 3).join(", ")}${more}`];
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
  const { reason, advice, command, abort } = unsafe;
  const otherwise = abort === null ? "" : `; or give it up: ${abort}`;
  throw new KitError("unsafe", `Cannot change branches: ${reason}`, { hint: `${advice}: ${command}${otherwise}` });
}
