import { type Repository, runGit } from "../../git/mod.ts";

/** Where a version of the program states the version of its catalog. */
const PLACE = "lib/library/catalog/catalog_version.ts";

/**
 * Find out which catalog a commit's program reads, from its sources and without running it.
 *
 * @param repository The repository that contains the commit
 * @param sha Full hash of the commit
 * @returns The `user_version` of its catalogs; `null` if the sources do not say
 */
export async function catalogVersionOf(repository: Repository, sha: string): Promise<number | null> {
  const { code, stdout } = await runGit(["show", `${sha}:${PLACE}`], { cwd: repository.root });
  const stated = code === 0 ? /\bCATALOG_VERSION = (\d+);/.exec(stdout) : null;
  return stated === null ? null : Number(stated[1]);
}
