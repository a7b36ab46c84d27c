import { join } from "node:path";
import { KitError, VERSION } from "../../lib/base/mod.ts";
import type { Repository } from "../../lib/git/mod.ts";
import {
  type InstalledVersions,
  listCandidates,
  readInstallation,
  readLineage,
  readProductionReports,
  type RollbackCandidate,
  stableBefore,
} from "../../lib/installation/mod.ts";
import { findRepository } from "./find_repository.ts";
import { readRollbackStrategy } from "./rollback_strategy.ts";

/** The versions to go back to. */
export interface CandidateList {
  readonly action: "candidates";
  /** The version in use, such as `1.1.0`. */
  readonly current: string;
  /** The tag to which a rollback goes that names none; `null` if none has passed its production test. */
  readonly target: string | null;
  /** The best tag to name if there is no target: the last stable one before; `null` if there is none. */
  readonly nearest: string | null;
  readonly candidates: readonly RollbackCandidate[];
  /** What a person should know about where the facts come from. */
  readonly notes: readonly string[];
}

/** Facts about a repository from which a rollback is chosen. */
export interface ReleaseFacts {
  readonly current: string;
  /** As in `chooseTarget()`. */
  readonly lineage: ReadonlySet<string> | null;
  readonly candidates: readonly RollbackCandidate[];
  /** What a person should know about where the facts come from. */
  readonly notes: readonly string[];
}

/** Read the candidates of a repository, with the reports in it and those of the working folder. */
export async function readReleaseFacts(
  repository: Repository,
  installation: InstalledVersions,
): Promise<ReleaseFacts> {
  const reportFolders = ["reports", join(repository.root, "reports"), join(repository.root, "docs", "evidence")];
  const reports = await readProductionReports(reportFolders);
  const { strategy: { tagForms }, notes } = await readRollbackStrategy(repository.root);
  const candidates = await listCandidates(repository, { reports, installation, tagForms });
  const current = installation.current?.replace(/\+.*/, "") ?? await versionOf(repository);
  // What is checked out may be beyond every tag; what is installed is built from one.
  const own = candidates.find(({ version }) => version.text === current)?.sha;
  const commit = own ?? (installation.current === null ? "HEAD" : null);
  const lineage = commit === null ? null : await readLineage(repository, commit);
  return { current, lineage, candidates, notes };
}

/** List the candidates of the repository. */
export async function readCandidates(folder: string, repo: string | undefined): Promise<CandidateList> {
  const repository = await findRepository(repo);
  if (repository === null) {
    throw new KitError("usage", "Cannot list the versions to go back to: there is no repository here", {
      hint: "Run it in a checkout of the project, or name one with --repo; civitai-dl install lists what is installed",
    });
  }
  const { current, lineage, candidates, notes } = await readReleaseFacts(repository, await readInstallation(folder));
  const older = stableBefore(candidates, { current, lineage });
  const target = older.find(({ production }) => production?.isPassed === true);
  return {
    action: "candidates",
    current,
    target: target?.tag ?? null,
    nearest: older[0]?.tag ?? null,
    candidates,
    notes,
  };
}

/** The version that the checkout says it has; this program's own if it does not say. */
async function versionOf(repository: Repository): Promise<string> {
  try {
    const { version } = JSON.parse(await Deno.readTextFile(join(repository.root, "deno.json")));
    return typeof version === "string" ? version : VERSION;
  } catch {
    // In the middle of a merge, the file may have conflict markers.
    return VERSION;
  }
}
