import { KitError, shell } from "../../base/mod.ts";
import {
  compareKeptWorktree,
  openRepository,
  type OperationPlan,
  removeLeftovers,
  type Repository,
  resolveCommit,
  type Step,
} from "../../git/mod.ts";
import { versionName } from "../install/build_version.ts";
import { catalogVersionOf } from "../install/catalog_version_of.ts";
import type { InstalledVersion } from "../install/installed_version.ts";
import { findInstalled, type InstalledVersions } from "../install/read_installation.ts";
import { readPointers } from "../install/switch_version.ts";
import { checkPatch, type EmergencyPatch, PATCH_PATH, readPatch } from "./emergency_patch.ts";
import {
  commandOf,
  type CommonFacts,
  type InstallFacts,
  type InstallRequest,
  type RollbackFacts,
  type RollbackRequest,
  type WorktreeFacts,
  type WorktreeRequest,
} from "./rollback_record.ts";

/** What a rollback has to know about a library beforehand. */
export interface CheckLibraryOptions {
  /** Version of the catalogs that the program reads; `null` if it is not known. */
  readonly catalogVersion: number | null;
  /** Whether to stop a run that holds the library. */
  readonly stopsRun: boolean;
}

/** Options of {@linkcode prepareRollback}. */
export interface PrepareRollbackOptions {
  /**
   * Checks that a program can read a library, and finds out whether a run has to be stopped. Changes nothing.
   *
   * @returns What has to be done, in words; `null` if nothing
   * @throws {KitError} `unsafe` if the program cannot read it
   */
  readonly checkLibrary: (library: string, options: CheckLibraryOptions) => Promise<string | null>;
  /** The installed versions. */
  readonly installation: InstalledVersions;
  /** What is in use now, in words. */
  readonly from: string;
  /** Stops the checks. */
  readonly signal: AbortSignal;
}

/** A rollback whose checks have passed. Nothing has been changed yet. */
export interface PreparedRollback {
  readonly facts: RollbackFacts;
  /** The emergency patch; `null` if there is none. */
  readonly patch: EmergencyPatch | null;
  /** Its steps. */
  readonly plan: OperationPlan;
  /** Whether it is the installed version in use, so that nothing has to be switched. */
  readonly isInUse: boolean;
}

/** What was found out about the version to go back to. */
interface CheckedVersion extends CommonFacts {
  /** As in `WorktreeFacts`. */
  readonly files: string;
  /** What has to be done to the library, in words; `null` if nothing. */
  readonly libraryChange: string | null;
}

/**
 * Check everything that can be checked before the first change: the tag, the emergency patch, the library.
 *
 * @param request What is wanted
 * @param options Library and signal
 * @returns The prepared rollback
 * @throws {KitError} `usage`, `unsafe` or `network` with the reason why it is impossible
 */
export async function prepareRollback(
  request: RollbackRequest,
  options: PrepareRollbackOptions,
): Promise<PreparedRollback> {
  const repository = request.repository === null ? null : await openRepository(request.repository);
  // Temporary working trees of a rollback that was killed.
  if (repository !== null) await removeLeftovers();
  const patch = repository === null ? null : await readPatch(repository);
  const checked = await checkVersion(request, { ...options, repository, patch });
  const { facts, steps, isInUse } = request.mode === "install"
    ? await prepareInstall(request, checked, options.installation)
    : await prepareWorktree(request, checked);
  const plan = {
    command: commandOf(request),
    summary: `Goes from ${checked.from} to ${request.tag}`,
    steps,
    about: facts,
  };
  return { facts, patch, plan, isInUse };
}

interface CheckVersionOptions extends PrepareRollbackOptions {
  readonly repository: Repository | null;
  readonly patch: EmergencyPatch | null;
}

async function checkVersion(
  request: RollbackRequest,
  { repository, patch, installation, from, checkLibrary, signal }: CheckVersionOptions,
): Promise<CheckedVersion> {
  const { tag, library, stopsRun } = request;
  const installed = findInstalled(installation, tag);
  const sha = repository === null ? installed?.sha : await resolveCommit(repository, `refs/tags/${tag}`);
  if (sha === undefined) {
    throw new KitError("usage", `Cannot go back to ${tag}: it is not installed, and there is no repository`, {
      hint: "Run it in a checkout of the project, or name one with --repo",
    });
  }
  const files = repository === null || patch === null
    ? sha
    : await checkPatch(repository, patch, { sha, command: commandOf(request), signal });
  const catalogVersion = repository === null
    ? installed?.catalogVersion ?? null
    : await catalogVersionOf(repository, sha);
  const libraryChange = library === null ? null : await checkLibrary(library, { catalogVersion, stopsRun });
  return { from, sha, files, patchSha256: patch?.sha256 ?? null, libraryChange };
}

interface Prepared<T extends RollbackFacts> {
  readonly facts: T;
  readonly steps: readonly Step[];
  readonly isInUse: boolean;
}

async function prepareInstall(
  request: InstallRequest,
  { libraryChange, files: _files, ...common }: CheckedVersion,
  { versions, current }: InstalledVersions,
): Promise<Prepared<InstallFacts>> {
  const { tag, folder } = request;
  const name = versionName(tag, common.patchSha256);
  const namesake = versions.find((one) => one.name === name) ?? null;
  if (namesake !== null && namesake.sha !== common.sha) throw otherCommit(namesake, common.sha);
  const isInUse = current === name;
  const steps = [
    // A version that was built may be needed again.
    ...namesake === null
      ? [act("build", "unfinished", `Building ${describe(request, common)} in a temporary tree`)]
      : [],
    ...listLibrarySteps(libraryChange),
    ...isInUse ? [] : [act("switch", "always", `Switching the installed version to ${name}`)],
    VERIFY,
  ];
  return { facts: { ...request, ...common, name, pointers: await readPointers(folder) }, steps, isInUse };
}

async function prepareWorktree(
  request: WorktreeRequest,
  { libraryChange, ...common }: CheckedVersion,
): Promise<Prepared<WorktreeFacts>> {
  const version = describe(request, common);
  const steps = [
    ...await isCheckedOut(request.tree, common, version)
      ? []
      : [act("worktree", "always", `Checking ${version} out into ${request.tree}`)],
    ...listLibrarySteps(libraryChange),
    VERIFY,
  ];
  return { facts: { ...request, ...common }, steps, isInUse: false };
}

function act(id: string, undo: "unfinished" | "always" | "never", text: string): Step {
  return { type: "act", id, text, undo };
}

const VERIFY = act("verify", "never", "Verifying version, self-test and library");

function listLibrarySteps(change: string | null): readonly Step[] {
  return change === null ? [] : [act("library", "never", change)];
}

function describe({ tag }: RollbackRequest, { patchSha256 }: CommonFacts): string {
  return patchSha256 === null ? tag : `${tag} with ${PATCH_PATH}`;
}

/** The version that is installed may be the very one in use, and could not be put back if the other did not work. */
function otherCommit({ name, tag, sha: installed }: InstalledVersion, sha: string): KitError {
  const [ours, theirs] = [installed, sha].map((one) => one.slice(0, 9));
  return new KitError("unsafe", `Cannot install ${tag} of ${theirs}: version ${name} is installed from ${ours}`, {
    hint: "The tag has moved, or is of another repository. To use the installed one: " +
      shell`civitai-dl install switch ${name}` + shell`; to replace it first: civitai-dl install add ${tag}`,
  });
}

/** Whether a working tree can be used as it is. Anything else there is somebody's, or of another rollback. */
async function isCheckedOut(
  path: string,
  { sha, files }: Pick<CheckedVersion, "sha" | "files">,
  wanted: string,
): Promise<boolean> {
  const found = await compareKeptWorktree(path, { sha, tree: files });
  if (found.type === "absent" || found.type === "same") return found.type === "same";
  const reason = found.type === "other"
    ? "it has other content"
    : `${found.files.slice(0, 3).join(", ")} there ${found.files.length === 1 ? "is" : "are"} not as in ${wanted}`;
  throw new KitError("unsafe", `Cannot use folder "${path}": ${reason}`, {
    hint: "Name another one with --folder; if an earlier rollback made it, civitai-dl rollback undo removes it",
  });
}
