import { formatCount, KitError, shell } from "../../base/mod.ts";
import {
  compareKeptWorktree,
  git,
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
import { findInstalled, readInstallation } from "../install/read_installation.ts";
import { readPointers } from "../install/switch_version.ts";
import { checkPatch, type EmergencyPatch, PATCH_PATH, readPatch } from "./emergency_patch.ts";
import { listReverts, requireIdentity } from "./revert_commits.ts";
import { findRevertTip, type RevertTip } from "./revert_tip.ts";
import { commandOf, type RollbackFacts, type RollbackRequest } from "./rollback_record.ts";

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
  /** What is in use now, in words. */
  readonly from: string;
  /** Stops the checks. */
  readonly signal: AbortSignal;
  /**
   * Folder of temporary working trees, as in `addWorktree`.
   *
   * @default {the default of addWorktree()}
   */
  readonly registry?: string | undefined;
}

/** A rollback whose checks have passed. Nothing has been changed yet. */
export interface PreparedRollback extends RollbackFacts {
  /** The emergency patch; `null` if there is none. */
  readonly patch: EmergencyPatch | null;
  /** Whether the working tree is there already, with just these files; only with mode `worktree`. */
  readonly isCheckedOut: boolean;
  /** What has to be done to the library, in words; `null` if nothing. */
  readonly libraryChange: string | null;
  /** Name of the branch whose tip is reverted, such as `origin/main`; `null` unless the mode is `revert`. */
  readonly tipName: string | null;
  /** Whether the version is installed already. */
  readonly isInstalled: boolean;
  /** Whether it is the installed version in use, so that nothing has to be switched; only with mode `install`. */
  readonly isInUse: boolean;
}

/**
 * Check everything that can be checked before the first change: the tag, the emergency patch, the library, the
 * identity for commits.
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
  const { registry, signal, from, checkLibrary } = options;
  const repository = request.repository === null ? null : await openRepository(request.repository);
  // Temporary working trees of a rollback that was killed.
  if (repository !== null) await removeLeftovers(registry === undefined ? {} : { registry });
  const installed = findInstalled(await readInstallation(request.folder), request.tag);
  const sha = repository === null ? installed?.sha : await resolveCommit(repository, `refs/tags/${request.tag}`);
  if (sha === undefined) {
    throw new KitError("usage", `Cannot go back to ${request.tag}: it is not installed, and there is no repository`, {
      hint: "Run it in a checkout of the project, or name one with --repo",
    });
  }
  const patch = repository === null ? null : await readPatch(repository);
  const tree = repository === null || patch === null
    ? sha
    : await checkPatch(repository, patch, { sha, command: commandOf(request), registry, signal });
  const name = versionName(request.tag, patch?.sha256 ?? null);
  const catalogVersion = repository === null
    ? installed?.catalogVersion ?? null
    : await catalogVersionOf(repository, sha);
  const libraryChange = request.library === null
    ? null
    : await checkLibrary(request.library, { catalogVersion, stopsRun: request.stopsRun });
  const { versions, current } = await readInstallation(request.folder);
  const namesake = versions.find((one) => one.name === name) ?? null;
  if (request.mode === "install" && namesake !== null && namesake.sha !== sha) throw otherCommit(namesake, sha);
  const prepared = {
    request,
    from,
    sha,
    tree,
    patchSha256: patch?.sha256 ?? null,
    name,
    pointers: await readPointers(request.folder),
    patch,
    isCheckedOut: request.tree !== null && await isCheckedOut(request.tree, { request, sha, tree, patch }),
    libraryChange,
    isInstalled: namesake !== null && namesake.sha === sha,
    isInUse: request.mode === "install" && current === name,
  };
  if (request.mode !== "revert" || repository === null) return { ...prepared, reverts: [], tip: null, tipName: null };
  const { tip, reverts } = await prepareRevert(repository, request, sha);
  return { ...prepared, reverts, tip: tip.sha, tipName: tip.name };
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
  { request: { tag }, sha, tree, patch }: Pick<PreparedRollback, "request" | "sha" | "tree" | "patch">,
): Promise<boolean> {
  const found = await compareKeptWorktree(path, { sha, tree });
  if (found.type === "absent" || found.type === "same") return found.type === "same";
  const wanted = patch === null ? tag : `${tag} with ${PATCH_PATH}`;
  const reason = found.type === "other"
    ? "it has other content"
    : `${found.files.slice(0, 3).join(", ")} there ${found.files.length === 1 ? "is" : "are"} not as in ${wanted}`;
  throw new KitError("unsafe", `Cannot use folder "${path}": ${reason}`, {
    hint: "Name another one with --folder; if an earlier rollback made it, civitai-dl rollback undo removes it",
  });
}

async function prepareRevert(
  repository: Repository,
  { tag, branch }: RollbackRequest,
  target: string,
): Promise<Pick<PreparedRollback, "reverts"> & { readonly tip: RevertTip }> {
  if (branch === null) throw new TypeError("Cannot revert: the request names no branch");
  const cwd = repository.root;
  const tip = await findRevertTip(repository, branch);
  const reverts = await listReverts(repository, { target, tip: tip.sha, tag, branch: tip.name });
  await requireIdentity(repository);
  const name = revertBranch(tag);
  const existing = await git(["for-each-ref", "--format=%(objectname)", `refs/heads/${name}`], { cwd });
  if (existing.trim() !== "") {
    throw new KitError("unsafe", `Cannot create branch ${name}: it exists already`, {
      hint: shell`Look at it (git log ${name}), then rename or delete it`,
    });
  }
  return { reverts, tip };
}

/** Name of the branch of reverts. */
export function revertBranch(tag: string): string {
  return `hotfix/rollback-${tag}`;
}

/** Plan the steps of a rollback: nothing is changed before them. */
export function planRollback(prepared: PreparedRollback): OperationPlan {
  const { request, from, sha, tree, patchSha256, name, pointers, tip, reverts } = prepared;
  return {
    command: commandOf(request),
    summary: `Goes from ${from} to ${request.tag}`,
    steps: listSteps(prepared),
    about: { request, from, sha, tree, patchSha256, name, pointers, tip, reverts } satisfies RollbackFacts,
  };
}

function listSteps(prepared: PreparedRollback): readonly Step[] {
  const { request: { mode, tag, tree, branch }, name, reverts, libraryChange, isInstalled, isInUse } = prepared;
  const act = (id: string, undo: "unfinished" | "always" | "never", text: string): Step => ({
    type: "act",
    id,
    text,
    undo,
  });
  const library = libraryChange === null ? [] : [act("library", "never", libraryChange)];
  const verify = act("verify", "never", "Verifying version, self-test and library");
  switch (mode) {
    case "install":
      return [
        // A version that was built may be needed again.
        ...isInstalled ? [] : [act("build", "unfinished", `Building ${tag} in a temporary working tree`)],
        ...library,
        ...isInUse ? [] : [act("switch", "always", `Switching the installed version to ${name}`)],
        verify,
      ];
    case "worktree":
      return [
        ...prepared.isCheckedOut ? [] : [act("worktree", "always", `Checking ${tag} out into ${tree}`)],
        ...library,
        verify,
      ];
    case "revert": {
      const commits = formatCount(reverts.length, "commit");
      const created = { ref: `refs/heads/${revertBranch(tag)}`, before: null, after: { step: "revert" } };
      return [
        act("revert", "never", `Reverting ${commits} of ${prepared.tipName} in a temporary working tree`),
        verify,
        { type: "refs", id: "branch", changes: [created], ...branch === null ? {} : { unlessIn: branch } },
      ];
    }
  }
}
