import { git, parseRef, readRefs, type Repository } from "../../lib/git/mod.ts";

/** The tag of a phase, and its commit. */
export interface PhaseTag {
  /** Its name, such as `v1.2.0-phase2`. */
  readonly name: string;
  /** Full hash of the commit. */
  readonly commit: string;
}

/** Whether a tag has the form of a phase's tag. */
export function isPhaseTag(name: string): boolean {
  return /^v\d+\.\d+\.\d+-phase\d+$/.test(name);
}

/**
 * List the tags of phases in the history of a commit. Those on the commit itself are left out: it is compared with what
 * was before it.
 *
 * @param repository The repository
 * @param commit Full hash of the commit
 * @returns The tags, in no order
 */
export async function listPhaseTags(repository: Repository, commit: string): Promise<readonly PhaseTag[]> {
  const refs = await readRefs(repository);
  const merged = await git(["for-each-ref", "--format=%(refname)", `--merged=${commit}`, "refs/tags"], {
    cwd: repository.root,
  });
  return merged.split("\n").flatMap((ref) => {
    const { name } = parseRef(ref);
    const tagged = refs.get(ref)?.commit;
    return tagged === undefined || tagged === commit || !isPhaseTag(name) ? [] : [{ name, commit: tagged }];
  });
}
