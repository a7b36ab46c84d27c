import { join, resolve } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { type Repository, runGit } from "../../lib/git/mod.ts";
import {
  chooseTarget,
  compareReleaseVersions,
  findInstalled,
  findRevertTip,
  type InstalledVersions,
  readInstallation,
  readLineage,
  type RollbackMode,
  type RollbackRequest,
  tryParseReleaseVersion,
} from "../../lib/release/mod.ts";
import type { RollbackFlags } from "./rollback_flags.ts";
import { findRepository } from "./find_repository.ts";
import { readReleaseFacts } from "./read_candidates.ts";
import { refuseUnusedFlags } from "./refuse_unused_flags.ts";

/** What the user asked for. */
export interface Asked {
  /** The tag or version; `undefined` for the default. */
  readonly word: string | undefined;
  readonly flags: RollbackFlags;
  /** The folder of installed versions. */
  readonly folder: string;
  /** Whether a flag is on the command line. */
  readonly isGiven: (name: string) => boolean;
}

/** A rollback that was chosen. */
export interface ChosenRequest {
  readonly request: RollbackRequest;
  /** What is in use now, in words. */
  readonly from: string;
  /** What was chosen on behalf of the user, and why. */
  readonly notes: readonly string[];
}

/** Decide on mode and target. */
export async function chooseRequest(asked: Asked): Promise<ChosenRequest> {
  const { word, flags, folder } = asked;
  const repository = await findRepository(flags.repo);
  if (repository === null) return await chooseInstalled(asked);
  const facts = await readReleaseFacts(repository, folder);
  const { installation, current: inUse, lineage: ofUse, candidates } = facts;
  const { mode, notes } = chooseMode(flags.mode, installation);
  refuseUnusedFlags(mode, asked);
  // A branch of reverts is about what is on that branch, whatever is installed or checked out.
  const branch = mode === "revert" ? flags.branch ?? facts.main : null;
  const tip = branch === null ? null : (await findRevertTip(repository, branch)).sha;
  const current = tip === null ? inUse : await versionOf(repository, tip) ?? inUse;
  const lineage = tip === null ? ofUse : await readLineage(repository, tip);
  const target = chooseTarget(candidates, { word, current, lineage });
  const because = word === undefined ? "the last stable version that passed its production test" : "as asked";
  return {
    request: {
      mode,
      tag: target.tag,
      repository: repository.root,
      folder,
      tree: mode === "worktree" ? resolve(flags.folder ?? join(folder, "worktrees", target.tag)) : null,
      branch,
      library: mode === "revert" || flags.library === undefined ? null : resolve(flags.library),
      stopsRun: flags.stopRun,
    },
    from: current,
    notes: [
      ...facts.notes,
      `${describeWay(current, target.tag)}: ${because}`,
      ...notes,
      ...libraryNotes(mode, flags),
    ],
  };
}

/** Say which way it goes: a version that the user names may also be newer, or the one in use. */
function describeWay(current: string, tag: string): string {
  const from = tryParseReleaseVersion(current.replace(/\+.*/, ""));
  const to = tryParseReleaseVersion(tag);
  const order = from === null || to === null ? -1 : compareReleaseVersions(to, from);
  if (order === 0) return `Going to ${tag}, the version in use`;
  return `Going ${order > 0 ? "forward" : "back"} from ${current} to ${tag}`;
}

/** The version that a commit says it has; `null` if it does not say. */
async function versionOf(repository: Repository, sha: string): Promise<string | null> {
  const { code, stdout } = await runGit(["show", `${sha}:deno.json`], { cwd: repository.root });
  try {
    const { version } = JSON.parse(code === 0 ? stdout : "null") ?? {};
    return typeof version === "string" ? version : null;
  } catch {
    // It is not JSON, so it does not say.
    return null;
  }
}

function chooseMode(
  asked: RollbackMode | undefined,
  installation: InstalledVersions,
): { readonly mode: RollbackMode; readonly notes: readonly string[] } {
  if (asked !== undefined) return { mode: asked, notes: [] };
  if (installation.current !== null) {
    return { mode: "install", notes: [`Mode install: ${installation.current} is installed in ${installation.folder}`] };
  }
  return { mode: "worktree", notes: ["Mode worktree: no version is installed; --mode install would install one"] };
}

function libraryNotes(mode: RollbackMode, flags: RollbackFlags): readonly string[] {
  if (mode === "revert") return flags.library === undefined ? [] : ["note: A branch of reverts changes no library"];
  if (flags.library !== undefined) return [];
  return ["note: No library is checked; name yours with --library FOLDER if the version must read it"];
}

/** Without a repository, only installed versions can be chosen. */
async function chooseInstalled(asked: Asked): Promise<ChosenRequest> {
  const { word, flags, folder } = asked;
  const installation = await readInstallation(folder);
  const { versions, current, previous } = installation;
  if (flags.mode !== undefined && flags.mode !== "install") {
    throw new KitError("usage", `Cannot roll back by ${flags.mode}: there is no repository here`, {
      hint: "Run it in a checkout of the project, or name one with --repo",
    });
  }
  refuseUnusedFlags("install", asked);
  const wanted = word ?? previous;
  const found = wanted === null ? null : findInstalled(installation, wanted);
  if (found === null) {
    const names = versions.map(({ name }) => name).join(", ");
    const state = wanted === null ? "no version was in use before this one" : `"${wanted}" is not installed`;
    throw new KitError("usage", `Cannot go back: ${state}, and there is no repository here`, {
      hint: names === "" ? "Nothing is installed; run it in a checkout of the project" : `Installed: ${names}`,
    });
  }
  return {
    request: {
      mode: "install",
      tag: found.tag,
      repository: null,
      folder,
      tree: null,
      branch: null,
      library: flags.library === undefined ? null : resolve(flags.library),
      stopsRun: flags.stopRun,
    },
    from: current ?? "nothing",
    notes: [
      `${describeWay(current ?? "nothing", found.tag)}: ${word === undefined ? "the previous version" : "as asked"}`,
      "Mode install: there is no repository here, so only installed versions can be used",
      ...libraryNotes("install", flags),
    ],
  };
}
