import { KitError } from "../../lib/base/mod.ts";
import type { Repository } from "../../lib/git/mod.ts";
import {
  type DefaultTarget,
  findDefaultTarget,
  type InstalledVersions,
  readInstallation,
  readReleaseFacts,
  type ReleaseFacts,
  type RollbackCandidate,
} from "../../lib/installation/mod.ts";
import { findRepository } from "./find_repository.ts";
import { readRollbackStrategy } from "./rollback_strategy.ts";

/** The versions to go back to. */
export interface CandidateList extends DefaultTarget {
  readonly action: "candidates";
  /** The version in use, such as `1.1.0`. */
  readonly current: string;
  readonly candidates: readonly RollbackCandidate[];
  /** What a person should know about where the facts come from. */
  readonly notes: readonly string[];
}

/** Facts from which a rollback is chosen, and what a person should know about where they come from. */
export interface NotedFacts extends ReleaseFacts {
  readonly notes: readonly string[];
}

/** Read the facts of a repository by its branch strategy, with the reports of the working folder. */
export async function readNotedFacts(repository: Repository, installation: InstalledVersions): Promise<NotedFacts> {
  const { strategy: { tagForms }, notes } = await readRollbackStrategy(repository.root);
  const facts = await readReleaseFacts(repository, { installation, reportFolders: ["reports"], tagForms });
  return { ...facts, notes };
}

/** List the candidates of the repository. */
export async function readCandidates(folder: string, repo: string | undefined): Promise<CandidateList> {
  const repository = await findRepository(repo);
  if (repository === null) {
    throw new KitError("usage", "Cannot list the versions to go back to: there is no repository here", {
      hint: "Run it in a checkout of the project, or name one with --repo; civitai-dl install lists what is installed",
    });
  }
  const { current, lineage, candidates, notes } = await readNotedFacts(repository, await readInstallation(folder));
  const { target, nearest } = findDefaultTarget(candidates, { current, lineage });
  return {
    action: "candidates",
    current,
    target,
    nearest,
    candidates,
    notes,
  };
}
