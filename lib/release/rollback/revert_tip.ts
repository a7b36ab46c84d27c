import { KitError, shell } from "../../base/mod.ts";
import { containsCommit, git, readRefs, type Repository, resolveCommit } from "../../git/mod.ts";

/** The commit from which a branch is reverted. */
export interface RevertTip {
  /** Full hash. */
  readonly sha: string;
  /** Where it was found: the branch, or the remote-tracking branch that is ahead of it, such as `origin/main`. */
  readonly name: string;
}

/**
 * Find the latest commit of a branch that this clone knows. A local branch may be behind what was pushed by others or by
 * a release, and reverting it would leave the newer commits in place.
 *
 * @param repository The repository
 * @param branch Short name of the branch, or any other name of a commit
 * @returns The commit
 * @throws {KitError} `usage` if there is no such branch; `unsafe` if it has commits that its remote lacks, and the other
 * way round
 */
export async function findRevertTip(repository: Repository, branch: string): Promise<RevertTip> {
  const refs = await readRefs(repository);
  const local = refs.get(`refs/heads/${branch}`)?.commit ?? null;
  const upstream = await findUpstream(repository, branch, [...refs.keys()]);
  const remote = upstream === null ? null : refs.get(upstream)?.commit ?? null;
  if (upstream === null || remote === null) {
    return { sha: local ?? await resolveCommit(repository, branch), name: branch };
  }
  const name = upstream.slice("refs/remotes/".length);
  if (local === null || await containsCommit(repository, remote, local)) {
    return local === remote ? { sha: remote, name: branch } : { sha: remote, name };
  }
  if (await containsCommit(repository, local, remote)) return { sha: local, name: branch };
  throw new KitError("unsafe", `Cannot revert ${branch}: it and ${name} have different commits`, {
    hint: shell`Bring them together, or name the one to revert: --branch ${name}`,
  });
}

/** Full name of the remote-tracking branch of a branch; `null` if it has none, or if several remotes have it. */
async function findUpstream(
  repository: Repository,
  branch: string,
  names: readonly string[],
): Promise<string | null> {
  const args = ["for-each-ref", "--format=%(upstream)", `refs/heads/${branch}`];
  const upstream = (await git(args, { cwd: repository.root })).trim();
  if (upstream.startsWith("refs/remotes/")) return upstream;
  const isOfRemote = (name: string) =>
    name.startsWith("refs/remotes/") && name.split("/").slice(3).join("/") === branch;
  const [first, second] = names.filter(isOfRemote);
  return second === undefined ? first ?? null : null;
}
