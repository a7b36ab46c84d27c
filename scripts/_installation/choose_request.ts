import { join, resolve } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import {
  chooseInstalled,
  chooseTarget,
  compareReleaseVersions,
  defaultMode,
  type InstalledVersions,
  readInstallation,
  type RollbackMode,
  type RollbackRequest,
  tryParseReleaseVersion,
} from "../../lib/installation/mod.ts";
import type { RollbackFlags } from "./rollback_flags.ts";
import { findRepository } from "./find_repository.ts";
import { readNotedFacts } from "./read_candidates.ts";
import { refuseUnusedFlags } from "./refuse_unused_flags.ts";

/** The rollback that the user asked for. */
export interface AskedRollback {
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
  readonly installation: InstalledVersions;
  /** What is in use now, in words. */
  readonly from: string;
  /** What was chosen on behalf of the user, and why. */
  readonly notes: readonly string[];
}

/** Decide on mode and target. */
export async function chooseRequest(asked: AskedRollback): Promise<ChosenRequest> {
  const { word, flags, folder } = asked;
  const installation = await readInstallation(folder);
  const repository = await findRepository(flags.repo);
  if (repository === null) return requestInstalled(asked, installation);
  const { current, lineage, candidates, ...facts } = await readNotedFacts(repository, installation);
  const { mode, notes } = chooseMode(flags.mode, installation);
  refuseUnusedFlags(mode, asked);
  const { tag } = chooseTarget(candidates, { word, current, lineage });
  const because = word === undefined ? "the last stable version that passed its production test" : "as asked";
  const common = { tag, repository: repository.root, ...commonOf(asked) };
  return {
    request: mode === "install"
      ? { mode, ...common }
      : { mode, ...common, tree: resolve(flags.folder ?? join(folder, "worktrees", tag)) },
    installation,
    from: current,
    notes: [...facts.notes, `${describeWay(current, tag)}: ${because}`, ...notes, ...libraryNotes(flags)],
  };
}

function commonOf({ flags, folder }: AskedRollback): Pick<RollbackRequest, "folder" | "library" | "stopsRun"> {
  return {
    folder,
    library: flags.library === undefined ? null : resolve(flags.library),
    stopsRun: flags.stopRun,
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

function chooseMode(
  asked: RollbackMode | undefined,
  installation: InstalledVersions,
): { readonly mode: RollbackMode; readonly notes: readonly string[] } {
  if (asked !== undefined) return { mode: asked, notes: [] };
  const mode = defaultMode(installation);
  const note = mode === "install"
    ? `Mode install: ${installation.current} is installed in ${installation.folder}`
    : "Mode worktree: no version is installed; --mode install would install one";
  return { mode, notes: [note] };
}

function libraryNotes(flags: RollbackFlags): readonly string[] {
  if (flags.library !== undefined) return [];
  return ["note: No library is checked; name yours with --library FOLDER if the version must read it"];
}

/** Without a repository, only installed versions can be chosen. */
function requestInstalled(asked: AskedRollback, installation: InstalledVersions): ChosenRequest {
  const { word, flags } = asked;
  const { current } = installation;
  if (flags.mode === "worktree") {
    throw new KitError("usage", "Cannot roll back by worktree: there is no repository here", {
      hint: "Run it in a checkout of the project, or name one with --repo",
    });
  }
  refuseUnusedFlags("install", asked);
  const found = chooseInstalled(installation, word);
  return {
    request: { mode: "install", tag: found.tag, repository: null, ...commonOf(asked) },
    installation,
    from: current ?? "nothing",
    notes: [
      `${describeWay(current ?? "nothing", found.tag)}: ${word === undefined ? "the previous version" : "as asked"}`,
      "Mode install: there is no repository here, so only installed versions can be used",
      ...libraryNotes(flags),
    ],
  };
}
