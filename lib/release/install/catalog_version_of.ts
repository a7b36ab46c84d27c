import { type Repository, runGit } from "../../git/mod.ts";

/** Where versions of the program state the version of their catalog, the newest first. */
const PLACES = [
  "lib/library/catalog/catalog_version.ts",
  "lib/library/catalog/_migrations.ts",
  "lib/library/_migrations.ts",
] as const;

/**
 * Find out which catalog a commit's program reads, from its sources and without running it.
 *
 * @param repository The repository that contains the commit
 * @param sha Full hash of the commit
 * @returns The `user_version` of its catalogs; `null` if the sources do not say
 */
export async function catalogVersionOf(repository: Repository, sha: string): Promise<number | null> {
  for (const place of PLACES) {
    const { code, stdout } = await runGit(["show", `${sha}:${place}`], { cwd: repository.root });
    const version = code === 0 ? parseCatalogVersion(stdout) : null;
    if (version !== null) return version;
  }
  return null;
}

/**
 * Read the version of the catalog from a source file: a constant, or in the first versions a list with one SQL text for
 * each step.
 *
 * @param source Text of the source file
 * @returns The version; `null` if the text has neither
 */
export function parseCatalogVersion(source: string): number | null {
  const constant = /\bCATALOG_VERSION = (\d+);/.exec(source);
  if (constant !== null) return Number(constant[1]);
  const [, list] = /\bMIGRATIONS: readonly string\[\] = \[([^]*)\n\];/.exec(source) ?? [];
  return list === undefined ? null : list.match(/`[^`]*`/g)?.length ?? null;
}
