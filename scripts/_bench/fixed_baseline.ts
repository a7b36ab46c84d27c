import { KitError } from "../../lib/base/mod.ts";
import { git, openRepository, readRefs, type Repository, resolveCommit } from "../../lib/git/mod.ts";
import { listPhaseTags, type PhaseTag } from "./phase_tags.ts";

/** The word for the commit at which the target left main. */
export const MERGE_BASE = "merge-base";
/** The word for the tag of the phase before. */
export const PHASE_TAG = "phase-tag";

/** A baseline, and whether it is one that a gate accepts. */
export interface FixedBaseline {
  /** The ref to compare with. */
  readonly ref: string;
  /**
   * `merge-base`: where the target left main; `phase-tag`: the tag of the phase before, such as `v1.2.0-phase2`, which is
   * the nearest one that the target has in its history. Any other commit could have been chosen because it is slow.
   */
  readonly kind: "merge-base" | "phase-tag" | "other";
  /** Tag of the phase before; `null` if the target has none in its history. */
  readonly phaseBefore: string | null;
}

/**
 * Resolve the baselines `merge-base` and `phase-tag`, and determine whether a baseline is fixed.
 *
 * @throws {KitError} `usage` if a commit is unknown; for `merge-base` if the repository has no branch `main`, or the
 * target is on it; for `phase-tag` if the target has no tag of a phase in its history
 */
export async function findFixedBaseline(
  options: { readonly folder: string; readonly baseline: string; readonly target: string },
): Promise<FixedBaseline> {
  const repository = await openRepository(options.folder);
  const refs = await readRefs(repository);
  const target = await resolveCommit(repository, options.target);
  const before = await findPhaseBefore(repository, target);
  const phaseBefore = before?.name ?? null;
  const isWord = !refs.has(`refs/heads/${options.baseline}`);
  if (isWord && options.baseline === PHASE_TAG) {
    if (phaseBefore !== null) return { ref: phaseBefore, kind: "phase-tag", phaseBefore };
    throw new KitError(
      "usage",
      `Cannot compare "${options.target}" with the phase before: no earlier commit has the tag of a phase`,
      {
        hint: "deno task branch finish-phase N makes it",
      },
    );
  }
  const hasMain = refs.has("refs/heads/main") || refs.has("refs/remotes/origin/main");
  const main = refs.has("refs/heads/main") ? "main" : "origin/main";
  const isMergeBase = isWord && options.baseline === MERGE_BASE;
  if (isMergeBase && !hasMain) await resolveCommit(repository, main);
  const base = hasMain ? (await git(["merge-base", main, target], { cwd: repository.root })).trim() : "";
  if (isMergeBase && base === target) {
    throw new KitError("usage", `Cannot compare "${options.target}" with where it left main: it is on main`, {
      hint: "Check out a branch that is not merged, or compare with --baseline phase-tag",
    });
  }
  const ref = isMergeBase ? base : options.baseline;
  const sha = await resolveCommit(repository, ref);
  if (sha === base && sha !== target) return { ref, kind: "merge-base", phaseBefore };
  return { ref, kind: sha === before?.commit ? "phase-tag" : "other", phaseBefore };
}

/** Find the tag of a phase that is fewest commits behind a commit. */
async function findPhaseBefore(repository: Repository, target: string): Promise<PhaseTag | undefined> {
  const behind = await Promise.all((await listPhaseTags(repository, target)).map(async (tag) => ({
    tag,
    commits: Number(await git(["rev-list", "--count", `${tag.commit}..${target}`], { cwd: repository.root })),
  })));
  return behind.toSorted((a, b) => a.commits - b.commits)[0]?.tag;
}
