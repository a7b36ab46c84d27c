import { type Repository, runGit } from "../../git/mod.ts";
import { findInstalled, type InstalledVersions } from "../install/read_installation.ts";
import {
  type ProductionTest,
  type ProductionText,
  readProductionTests,
  textsOfTag,
} from "../production/production_test.ts";
import { CONFIG_PATH, differsInVersionOnly } from "../versions/version_files.ts";
import { listVersionTags, type VersionTag } from "../versions/list_version_tags.ts";
import { tryParseReleaseVersion } from "../versions/release_version.ts";
import type { TagForms } from "../versions/tag_forms.ts";
import type { RollbackCandidate } from "./rollback_candidate.ts";

/** Options of {@linkcode listCandidates}. */
export interface ListCandidatesOptions {
  /** Contents of files that may be reports of production tests. */
  readonly reports: readonly ProductionText[];
  /** The installed versions. */
  readonly installation: InstalledVersions;
  /** The forms of tags. */
  readonly tagForms?: TagForms | undefined;
}

/**
 * List the versions that a rollback can go back to: all tags of a version, each with its production test and whether it
 * is installed.
 *
 * @param repository The repository with the tags
 * @param options Reports and installation
 * @returns The candidates, the newest version first
 */
export async function listCandidates(
  repository: Repository,
  options: ListCandidatesOptions,
): Promise<readonly RollbackCandidate[]> {
  const { reports, installation, tagForms } = options;
  const tags = await listVersionTags(repository, tagForms);
  const tests = readProductionTests([
    ...reports,
    ...tags.flatMap(({ version, message }) => textsOfTag(version.tag, message)),
  ]);
  return await Promise.all(tags.map(async (tag): Promise<RollbackCandidate> => {
    const installed = findInstalled(installation, tag.version.text);
    return {
      tag: tag.version.tag,
      version: tag.version,
      sha: tag.sha,
      date: tag.date,
      production: await findTest(repository, tag, { tests, tagForms }),
      isInstalled: installed !== null && installed.sha === tag.sha && installed.patchSha256 === null,
    };
  }));
}

/**
 * Find the latest production test of a tag's program. A test of a candidate also counts for the release that was made
 * from it, if only the version and documents differ.
 */
async function findTest(
  repository: Repository,
  tag: VersionTag,
  { tests, tagForms }: { readonly tests: readonly ProductionTest[]; readonly tagForms: TagForms | undefined },
): Promise<ProductionTest | null> {
  for (const test of tests) {
    if (test.sha === tag.sha) return test;
    const tested = tag.version.stage === "stable" ? tryParseReleaseVersion(test.tag, tagForms) : null;
    const isOfCandidate = tested?.stage === "candidate" && tested.base === tag.version.base;
    if (isOfCandidate && await isSameProgram(repository, test.sha, tag.sha)) return test;
  }
  return null;
}

/** Files that are part of the program, apart from deno.json, which also has the version. */
const PROGRAM_PATHS = ["lib", "scripts", "checks", "benchmarks", "std", "config", "cli.ts", "deno.lock"];

async function isSameProgram(repository: Repository, candidate: string, release: string): Promise<boolean> {
  const cwd = repository.root;
  if (!/^[0-9a-f]{40,64}$/.test(candidate)) return false;
  const args = ["diff", "--quiet", "--no-ext-diff", candidate, release, "--", ...PROGRAM_PATHS];
  if ((await runGit(args, { cwd })).code !== 0) return false;
  const [before, after] = await Promise.all([candidate, release].map((sha) => readSettings(repository, sha)));
  return before === after || differsInVersionOnly(before!, after!);
}

/** The content of deno.json; empty if there is none, which is the same on both sides then. */
async function readSettings(repository: Repository, sha: string): Promise<string> {
  const { code, stdout } = await runGit(["show", `${sha}:${CONFIG_PATH}`], { cwd: repository.root });
  return code === 0 ? stdout : "";
}
