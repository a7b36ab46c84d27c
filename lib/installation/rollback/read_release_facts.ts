import { join } from "node:path";
import { VERSION } from "../../base/mod.ts";
import type { Repository } from "../../git/mod.ts";
import type { InstalledVersions } from "../install/read_installation.ts";
import { readProductionReports } from "../production/read_production_reports.ts";
import { readLineage } from "../versions/list_version_tags.ts";
import type { TagForms } from "../versions/tag_forms.ts";
import { CONFIG_PATH } from "../versions/version_files.ts";
import { listCandidates } from "./list_candidates.ts";
import type { RollbackCandidate } from "./rollback_candidate.ts";

/** Options of {@linkcode readReleaseFacts}. */
export interface ReleaseFactsOptions {
  readonly installation: InstalledVersions;
  /** Folders with reports of production tests, besides those of the repository. */
  readonly reportFolders: readonly string[];
  /** The forms of tags. */
  readonly tagForms: TagForms;
}

/** Facts about a repository from which a rollback is chosen. */
export interface ReleaseFacts {
  /** The version in use: the installed one, else the one that is checked out. */
  readonly current: string;
  /** As in `chooseTarget()`. */
  readonly lineage: ReadonlySet<string> | null;
  readonly candidates: readonly RollbackCandidate[];
}

/** Read the candidates of a repository, and the version in use. */
export async function readReleaseFacts(
  repository: Repository,
  { installation, reportFolders, tagForms }: ReleaseFactsOptions,
): Promise<ReleaseFacts> {
  const { root } = repository;
  const reports = await readProductionReports([
    ...reportFolders,
    join(root, "reports"),
    join(root, "docs", "evidence"),
  ]);
  const candidates = await listCandidates(repository, { reports, installation, tagForms });
  const current = installation.current?.replace(/\+.*/, "") ?? await versionOf(repository);
  // What is checked out may be beyond every tag; what is installed is built from one.
  const own = candidates.find(({ version }) => version.text === current)?.sha;
  const commit = own ?? (installation.current === null ? "HEAD" : null);
  const lineage = commit === null ? null : await readLineage(repository, commit);
  return { current, lineage, candidates };
}

/** The version that the checkout says it has; this program's own if it does not say. */
async function versionOf({ root }: Repository): Promise<string> {
  try {
    const { version } = JSON.parse(await Deno.readTextFile(join(root, CONFIG_PATH)));
    return typeof version === "string" ? version : VERSION;
  } catch {
    // In the middle of a merge, the file may have conflict markers.
    return VERSION;
  }
}
