import { KitError } from "../../lib/base/mod.ts";
import { git, openRepository, readRefs, resolveCommit } from "../../lib/git/mod.ts";

/** The word for the commit at which the target left main. */
export const MERGE_BASE = "merge-base";

/** A baseline, and whether it is one that a gate accepts. */
export interface FixedBaseline {
  /** The ref to compare with. */
  readonly ref: string;
  /**
   * `merge-base`: where the target left main; `phase-tag`: a tag of a phase, such as `v1.2.0-phase2`. Any other commit
   * could have been chosen because it is slow.
   */
  readonly kind: "merge-base" | "phase-tag" | "other";
}

/**
 * Resolve the baseline `merge-base`, and determine whether a baseline is fixed.
 *
 * @throws {KitError} `usage` if a commit is unknown, the repository has no branch `main`, or the target is on it
 */
export async function findFixedBaseline(
  options: { readonly folder: string; readonly baseline: string; readonly target: string },
): Promise<FixedBaseline> {
  const repository = await openRepository(options.folder);
  const refs = await readRefs(repository);
  const target = await resolveCommit(repository, options.target);
  const hasMain = refs.has("refs/heads/main") || refs.has("refs/remotes/origin/main");
  const main = refs.has("refs/heads/main") ? "main" : "origin/main";
  const isAsked = options.baseline === MERGE_BASE && !refs.has(`refs/heads/${MERGE_BASE}`);
  if (isAsked && !hasMain) await resolveCommit(repository, main);
  const base = hasMain ? (await git(["merge-base", main, target], { cwd: repository.root })).trim() : "";
  if (isAsked && base === target) {
    throw new KitError("usage", `Cannot compare "${options.target}" with where it left main: it is on main`, {
      hint: "Name the tag of the phase before, such as v1.2.0-phase2",
    });
  }
  const ref = isAsked ? base : options.baseline;
  const sha = await resolveCommit(repository, ref);
  if (sha === base && sha !== target) return { ref, kind: "merge-base" };
  const isTagged = [...refs].some(([name, { commit }]) =>
    commit === sha && /^refs\/tags\/v[\d.]+-phase\d+$/.test(name)
  );
  return { ref, kind: isTagged ? "phase-tag" : "other" };
}
