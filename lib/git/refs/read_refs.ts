import type { Repository } from "../open_repository.ts";
import { git } from "../git.ts";

/** A ref of a repository. */
export interface Ref {
  /** Full hash of the object that it names: a commit, or the tag object of an annotated tag. */
  readonly sha: string;
  /** Full hash of the commit. */
  readonly commit: string;
}

/** Refs by full name, such as `refs/heads/main`. */
export type Refs = ReadonlyMap<string, Ref>;

/**
 * Read the branches, remote-tracking branches and tags of a repository.
 *
 * @param repository The repository
 * @returns Refs by full name; symbolic refs such as `refs/remotes/origin/HEAD` are left out
 */
export async function readRefs(repository: Repository): Promise<Refs> {
  const format = "%(refname)%00%(objectname)%00%(*objectname)%00%(symref)";
  const output = await git(["for-each-ref", `--format=${format}`, "refs/heads", "refs/remotes", "refs/tags"], {
    cwd: repository.root,
  });
  const refs = new Map<string, Ref>();
  for (const line of output.split("\n").filter(Boolean)) {
    const [name, sha, commitOfTag, symbolicTarget] = line.split("\0");
    if (symbolicTarget !== "") continue;
    refs.set(name!, { sha: sha!, commit: commitOfTag || sha! });
  }
  return refs;
}
