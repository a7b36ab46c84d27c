import { type Clock, formatCount, KitError, shell, systemClock } from "../../base/mod.ts";
import {
  addWorktree,
  compareKeptWorktree,
  git,
  keepWorktree,
  openRepository,
  removeLeftovers,
  type Repository,
  resolveCommit,
} from "../../git/mod.ts";
import { buildVersion, versionName } from "../install/build_version.ts";
import { catalogVersionOf } from "../install/catalog_version_of.ts";
import { type InstalledVersion, programOf } from "../install/installed_version.ts";
import { findInstalled, readInstallation } from "../install/read_installation.ts";
import { denoPath, runProgram } from "../install/run_program.ts";
import { readPointers, switchVersion } from "../install/switch_version.ts";
import { parseReleaseVersion } from "../versions/release_version.ts";
import {
  applyEmergencyPatch,
  checkPatch,
  commitPatchArgs,
  type EmergencyPatch,
  PATCH_PATH,
  readPatch,
} from "./emergency_patch.ts";
import { findRevertTip, type RevertTip } from "./revert_tip.ts";
import { listReverts, requireIdentity, revertCommits, type RevertedCommit } from "./revert_commits.ts";
import {
  readRollbackJournal,
  type RollbackJournal,
  type RollbackRequest,
  type RollbackUndo,
  writeRollbackJournal,
} from "./rollback_journal.ts";
import type { RollbackLibrary, RunVersion, TryDownload } from "./rollback_seams.ts";
import { hasUndo } from "./plan_undo.ts";
import { type UndoneRollback, undoRollback } from "./undo_rollback.ts";
import { verifyVersion, type VersionCheck } from "./verify_version.ts";

/** Options of {@linkcode runRollback} and {@linkcode prepareRollback}. */
export interface RunRollbackOptions {
  /** What a rollback needs to do with the library. */
  readonly library: RollbackLibrary;
  /** How to try a version that has no self-test. */
  readonly tryDownload: TryDownload;
  /** What is in use now, in words. */
  readonly from: string;
  /** Stops the rollback; everything is then put back. */
  readonly signal: AbortSignal;
  /** Called before each step with what it does. */
  readonly onStep?: ((text: string) => void) | undefined;
  /**
   * Folder of temporary working trees, as in `addWorktree`.
   *
   * @default {the default of addWorktree()}
   */
  readonly registry?: string | undefined;
  /**
   * Time source; tests pass a fake clock.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * Return the arguments of git that create a branch. They make git fail if it was created meanwhile.
 *
 * @param name Short name of the branch
 * @param commit Its commit, or a variable of a script
 * @param hashLength Number of digits of a full hash
 * @returns Arguments of git
 */
export function createBranchArgs(name: string, commit: string, hashLength: number): readonly string[] {
  return ["update-ref", `refs/heads/${name}`, commit, "0".repeat(hashLength)];
}

/** The command that a process shows which meets a lock of this one. */
function commandOf({ tag, mode }: RollbackRequest): string {
  return `rollback ${tag} --mode ${mode}`;
}

/** A rollback whose checks have passed. Nothing has been changed yet. */
export interface PreparedRollback {
  /** What was asked for. */
  readonly request: RollbackRequest;
  /** Full hash of the tag's commit. */
  readonly sha: string;
  /** The emergency patch; `null` if there is none. */
  readonly patch: EmergencyPatch | null;
  /** Full hash of the object with the files of the version: the commit, or the tree of the patched one. */
  readonly tree: string;
  /** Whether the working tree is there already, with just these files; only with mode `worktree`. */
  readonly isCheckedOut: boolean;
  /** Name of the version's folder in the installation. */
  readonly name: string;
  /** What has to be done to the library, in words; `null` if nothing. */
  readonly libraryChange: string | null;
  /** Commits to revert, the newest first; empty unless the mode is `revert`. */
  readonly reverts: readonly RevertedCommit[];
  /** Tip of the branch to revert, and where it was found; `null` unless the mode is `revert`. */
  readonly tip: RevertTip | null;
  /** Whether the version is installed already. */
  readonly isInstalled: boolean;
  /** Whether it is the installed version in use, so that nothing has to be switched; only with mode `install`. */
  readonly isInUse: boolean;
}

/** A finished rollback. */
export interface FinishedRollback {
  /** Where the version is: the program, the working tree, or the name of the branch. */
  readonly place: string;
  /** What was verified. */
  readonly checks: readonly VersionCheck[];
}

/**
 * Check everything that can be checked before the first change: the tag, the emergency patch, the library, the
 * identity for commits.
 *
 * @param request What is wanted
 * @param options Seams and signal
 * @returns The prepared rollback
 * @throws {KitError} `usage`, `unsafe` or `network` with the reason why it is impossible
 */
export async function prepareRollback(
  request: RollbackRequest,
  options: RunRollbackOptions,
): Promise<PreparedRollback> {
  const { registry, signal } = options;
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
  const libraryChange = request.library === null ? null : await options.library.check(request.library, {
    catalogVersion,
    stopsRun: request.stopsRun,
  });
  const { versions, current } = await readInstallation(request.folder);
  const namesake = versions.find((one) => one.name === name) ?? null;
  if (request.mode === "install" && namesake !== null && namesake.sha !== sha) throw otherCommit(namesake, sha);
  const prepared = {
    request,
    sha,
    patch,
    tree,
    isCheckedOut: request.tree !== null && await isCheckedOut(request.tree, { request, sha, tree, patch }),
    name,
    libraryChange,
    isInstalled: namesake !== null && namesake.sha === sha,
    isInUse: request.mode === "install" && current === name,
  };
  if (request.mode !== "revert" || repository === null) return { ...prepared, reverts: [], tip: null };
  return { ...prepared, ...await prepareRevert(repository, request, sha) };
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
): Promise<Pick<PreparedRollback, "reverts" | "tip">> {
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

/**
 * Go back to an earlier version: stop a run that holds the library if asked to, change what the mode changes, and verify the result. If
 * anything fails, or the signal aborts, the state before comes back. After a kill, the journal on disk says how to do
 * that. One that changes nothing, because the version is in use already, leaves the journal of the one before it.
 *
 * @param prepared What {@linkcode prepareRollback} returned
 * @param options Seams and signal
 * @returns Where the version is, and what was verified
 * @throws {KitError} The reason; everything has been put back
 */
export async function runRollback(
  prepared: PreparedRollback,
  options: RunRollbackOptions,
): Promise<FinishedRollback> {
  const { clock = systemClock } = options;
  const startedAt = new Date(clock.now()).toISOString();
  const run = new RollbackRun(prepared, {
    ...await readEarlier(prepared.request.folder),
    version: 1,
    request: prepared.request,
    from: options.from,
    startedAt,
    state: "running",
    steps: [],
    reason: null,
  }, options);
  try {
    const finished = await run.perform();
    await run.end();
    return finished;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    options.onStep?.(`It failed, and the state before comes back: ${reason}`);
    const { kept } = await restore(run.journal, reason);
    for (const text of kept) options.onStep?.(`But ${text}`);
    throw error;
  }
}

/** The rollback that is not to be forgotten if this one changes nothing in the end. */
async function readEarlier(folder: string): Promise<Pick<RollbackJournal, "earlier">> {
  const { journal } = await readRollbackJournal(folder);
  return journal?.state === "done" ? { earlier: journal } : {};
}

async function restore(journal: RollbackJournal, reason: string): Promise<UndoneRollback> {
  try {
    return await undoRollback(journal, { reason, conflicts: "keep" });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new KitError("failed", `Cannot restore the state before: ${why}; it had failed: ${reason}`, {
      hint: "Try again with civitai-dl rollback undo; civitai-dl rollback status shows where it stands",
      cause,
    });
  }
}

/** One execution: it writes down how to take a step back before it begins the step. */
class RollbackRun {
  readonly #prepared: PreparedRollback;
  readonly #options: RunRollbackOptions;
  #journal: RollbackJournal;

  constructor(prepared: PreparedRollback, journal: RollbackJournal, options: RunRollbackOptions) {
    this.#prepared = prepared;
    this.#journal = journal;
    this.#options = options;
  }

  get journal(): RollbackJournal {
    return this.#journal;
  }

  async perform(): Promise<FinishedRollback> {
    const { mode } = this.#prepared.request;
    if (mode === "install") return await this.#install();
    return mode === "worktree" ? await this.#checkOut() : await this.#revert();
  }

  async end(): Promise<void> {
    const { earlier, ...journal } = this.#journal;
    const isEarlierLast = earlier !== undefined && !hasUndo(journal);
    await writeRollbackJournal(isEarlierLast ? earlier : { ...journal, state: "done" });
  }

  async #install(): Promise<FinishedRollback> {
    const { request, name, sha, patch, isInstalled, isInUse } = this.#prepared;
    const { folder, tag } = request;
    const { registry, signal } = this.#options;
    if (!isInstalled) {
      const repository = await openRepository(request.repository!);
      await this.#step("build", `Building ${tag} in a temporary working tree`, {
        undo: { type: "version", folder, name },
        act: async () => {
          const withPatch = patch === null ? {} : {
            patch: { sha256: patch.sha256, apply: (tree: string) => applyEmergencyPatch(tree, patch, { signal }) },
          };
          await buildVersion(repository, {
            tag,
            sha,
            folder,
            command: commandOf(request),
            registry,
            signal,
            ...withPatch,
          });
        },
      });
    }
    await this.#stopRun();
    const place = programOf(folder, name);
    if (!isInUse) {
      // Before the verification: a rollback leaves a bad version as soon as it can.
      await this.#step("switch", `Switching the installed version to ${name}`, {
        undo: { type: "pointers", folder, name, ...await readPointers(folder) },
        act: async () => void await switchVersion(folder, name, { signal }),
      });
    }
    return { place, checks: await this.#verify([place]) };
  }

  async #checkOut(): Promise<FinishedRollback> {
    const { request, sha, tree, patch, isCheckedOut } = this.#prepared;
    const { signal } = this.#options;
    const repository = await openRepository(request.repository!);
    const path = request.tree!;
    if (!isCheckedOut) {
      await this.#step("worktree", `Checking ${request.tag} out into ${path}`, {
        undo: { type: "worktree", repository: repository.root, path, sha, tree },
        act: () => keepWorktree(repository, path, { sha, command: commandOf(request), signal }),
      });
    }
    if (patch !== null && !isCheckedOut) {
      await this.#step("patch", `Applying ${PATCH_PATH} there`, {
        undo: null,
        act: () => applyEmergencyPatch(path, patch, { signal }),
      });
    }
    await this.#stopRun();
    return { place: path, checks: await this.#verify(sourceWords(path)) };
  }

  async #revert(): Promise<FinishedRollback> {
    const { request, sha, patch, reverts, tip } = this.#prepared;
    const { registry, signal } = this.#options;
    const repository = await openRepository(request.repository!);
    const name = revertBranch(request.tag);
    await using tree = await addWorktree(repository, tip!.sha, { command: commandOf(request), registry, signal });
    const cwd = tree.path;
    const commits = formatCount(reverts.length, "commit");
    await this.#step("revert", `Reverting ${commits} of ${tip!.name} in a temporary working tree`, {
      undo: null,
      act: () => revertCommits({ tree: cwd, commits: reverts, signal }),
    });
    await assertSameFiles(cwd, sha, request.tag);
    if (patch !== null) {
      await this.#step("patch", `Applying ${PATCH_PATH} there, as a commit`, {
        undo: null,
        act: async () => {
          await applyEmergencyPatch(cwd, patch, { signal });
          await git(commitPatchArgs(request.tag), { cwd, signal });
        },
      });
    }
    const checks = await this.#verify(sourceWords(cwd));
    const made = (await git(["rev-parse", "HEAD"], { cwd })).trim();
    await this.#step("branch", `Creating branch ${name}`, {
      undo: { type: "branch", repository: repository.root, name, sha: made },
      act: async () => {
        await git(createBranchArgs(name, made, sha.length), { cwd: repository.root });
      },
    });
    return { place: name, checks };
  }

  async #stopRun(): Promise<void> {
    const { request: { library }, libraryChange } = this.#prepared;
    if (library === null || libraryChange === null) return;
    await this.#step("library", libraryChange, {
      undo: null,
      act: () => this.#options.library.stopRun(library, this.#options.signal),
    });
  }

  /** Run commands of a program, each in an empty folder. */
  #runner(words: readonly string[]): RunVersion {
    const { signal } = this.#options;
    return async (args, more = {}) => {
      const folder = await Deno.makeTempDir({ prefix: "civitai-dl-rollback-" });
      try {
        return await runProgram([...words, ...args], { cwd: folder, signal, ...more });
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    };
  }

  async #verify(words: readonly string[]): Promise<readonly VersionCheck[]> {
    const { request } = this.#prepared;
    const { tryDownload, signal } = this.#options;
    const run = this.#runner(words);
    let checks: readonly VersionCheck[] = [];
    await this.#step("verify", "Verifying version, self-test and library", {
      undo: null,
      act: async () => {
        checks = await verifyVersion(run, {
          version: parseReleaseVersion(request.tag).text,
          library: request.library,
          tryDownload,
          signal,
        });
      },
    });
    return checks;
  }

  /** Write down how to take the step back, act, and write down that it is done. */
  async #step(
    name: string,
    text: string,
    { undo, act }: { readonly undo: RollbackUndo | null; readonly act: () => Promise<void> },
  ): Promise<void> {
    this.#options.signal.throwIfAborted();
    this.#options.onStep?.(text);
    const before = this.#journal.steps;
    this.#journal = { ...this.#journal, steps: [...before, { name, isDone: false, undo }] };
    await writeRollbackJournal(this.#journal);
    await act();
    this.#journal = { ...this.#journal, steps: [...before, { name, isDone: true, undo }] };
    await writeRollbackJournal(this.#journal);
  }
}

/** Start a program from its sources, with the permissions that an installed one has. */
function sourceWords(tree: string): readonly string[] {
  const allow = ["read", "write", "env", "sys", "net", "run"].map((name) => `--allow-${name}`);
  return [
    ...[denoPath(), "run", "-q", "--no-prompt", "--config", `${tree}/deno.json`, "--frozen"],
    ...allow,
    `${tree}/cli.ts`,
  ];
}

/** After all reverts, the files have to be those of the tag. */
async function assertSameFiles(tree: string, sha: string, tag: string): Promise<void> {
  const differing = await git(["diff", "--name-only", "--no-ext-diff", "-z", sha, "HEAD"], { cwd: tree });
  const files = differing.split("\0").filter((name) => name !== "");
  if (files.length === 0) return;
  throw new KitError(
    "failed",
    `Cannot revert to ${tag}: after all reverts, ${formatCount(files.length, "file")} still ${
      files.length === 1 ? "differs" : "differ"
    }`,
    {
      hint: `They are ${files.slice(0, 5).join(", ")}; use --mode worktree or --mode install`,
    },
  );
}
