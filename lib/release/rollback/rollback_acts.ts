import { formatCount, KitError, shell } from "../../base/mod.ts";
import {
  type Act,
  type Acts,
  type ActState,
  type ActUndo,
  compareKeptWorktree,
  findKeptWorktree,
  findTreeWork,
  git,
  keepWorktree,
  openRepository,
  removeKeptWorktree,
  type TreeWork,
  UndoConflict,
} from "../../git/mod.ts";
import { buildVersion } from "../install/build_version.ts";
import { programOf } from "../install/installed_version.ts";
import { findInstalled, readInstallation } from "../install/read_installation.ts";
import { removeUnusedVersion } from "../install/remove_version.ts";
import { denoPath, runProgram, type RunProgramOptions } from "../install/run_program.ts";
import { readPointers, restorePointers, switchVersion } from "../install/switch_version.ts";
import { parseReleaseVersion } from "../versions/release_version.ts";
import { applyEmergencyPatch, commitPatchArgs, type EmergencyPatch, PATCH_PATH, readPatch } from "./emergency_patch.ts";
import { revertCommits } from "./revert_commits.ts";
import { commandOf, type RollbackFacts } from "./rollback_record.ts";
import { type RunVersion, type TryDownload, verifyVersion, type VersionCheck } from "./verify_version.ts";

/** What the acts of a rollback need besides its facts. */
export interface RollbackActOptions {
  /**
   * Asks the run that holds a library to stop, as Ctrl-C does, and waits for its end. It can be continued.
   *
   * @throws {KitError} `unsafe` if it does not end
   */
  readonly stopRun: (library: string, signal: AbortSignal) => Promise<void>;
  /** How to try a version that has no self-test. */
  readonly tryDownload: TryDownload;
  /** Stops the acts. */
  readonly signal: AbortSignal;
  /**
   * The emergency patch, if it was read already: the branch that has it may be left meanwhile.
   *
   * @default {null}
   */
  readonly patch?: EmergencyPatch | null | undefined;
  /** Called with what was verified. */
  readonly onVerified?: ((checks: readonly VersionCheck[]) => void) | undefined;
  /** Folder of temporary working trees, as in `addWorktree`. */
  readonly registry?: string | undefined;
}

/** Return what the steps of a rollback do. */
export function rollbackActs(facts: RollbackFacts, options: RollbackActOptions): Acts {
  const { request: { folder, library, mode, tree, tag }, name } = facts;
  const { signal, stopRun } = options;
  return {
    build: {
      apply: nothing(() => build(facts, options)),
      planUndo: () =>
        Promise.resolve({
          text: `the version ${name} that it installed is removed`,
          apply: () => removeUnusedVersion(folder, name),
        }),
    },
    library: { apply: nothing(() => stopRun(library!, signal)) },
    switch: {
      // Before the verification: a rollback leaves a bad version as soon as it can.
      apply: nothing(() => switchVersion(folder, name, { signal })),
      planUndo: ({ wasDone }) => planPointers(facts, wasDone),
    },
    worktree: {
      apply: nothing(() => checkOut(facts, options)),
      planUndo: (state) => planWorktree(facts, state),
    },
    revert: { apply: async ({ renewTree }) => await revert(facts, await renewTree(facts.tip!), options) },
    verify: {
      apply: async ({ results, treeAt }) => {
        const place = mode === "revert" ? await treeAt(results.revert!) : tree;
        const words = place === null ? [programOf(folder, name)] : sourceWords(place);
        const { tryDownload, onVerified } = options;
        const version = parseReleaseVersion(tag).text;
        onVerified?.(await verifyVersion(runnerOf(words, signal), { version, library, tryDownload, signal }));
        return null;
      },
    },
  };
}

/** An act without a result. */
function nothing(act: () => Promise<unknown>): Act["apply"] {
  return async () => {
    await act();
    return null;
  };
}

/** Return the patch that the rollback began with. */
async function loadPatch(
  { request: { repository }, patchSha256 }: RollbackFacts,
  { patch }: RollbackActOptions,
): Promise<EmergencyPatch | null> {
  if (patchSha256 === null) return null;
  const found = patch ?? await readPatch(await openRepository(repository!));
  if (found?.sha256 === patchSha256) return found;
  throw new KitError("unsafe", `Cannot go on with the rollback: ${PATCH_PATH} is not the one that it began with`, {
    hint: "Run the rollback again; it takes the new one",
  });
}

async function build(facts: RollbackFacts, options: RollbackActOptions): Promise<void> {
  const { request, sha } = facts;
  const { registry, signal } = options;
  const patch = await loadPatch(facts, options);
  const withPatch = patch === null ? {} : {
    patch: { sha256: patch.sha256, apply: (tree: string) => applyEmergencyPatch(tree, patch, { signal }) },
  };
  const { tag, folder } = request;
  const repository = await openRepository(request.repository!);
  await buildVersion(repository, { tag, sha, folder, command: commandOf(request), registry, signal, ...withPatch });
}

async function checkOut(facts: RollbackFacts, options: RollbackActOptions): Promise<void> {
  const { request, sha, tree } = facts;
  const path = request.tree!;
  const { signal } = options;
  const repository = await openRepository(request.repository!);
  const patch = await loadPatch(facts, options);
  const found = await compareKeptWorktree(path, { sha, tree });
  // A process that was killed has left a part of it.
  if (found.type !== "absent") await (await planWorktree(facts, { isComplete: false, wasDone: false }))?.apply();
  await keepWorktree(repository, path, { sha, command: commandOf(request), signal });
  if (patch !== null) await applyEmergencyPatch(path, patch, { signal });
}

/** Revert the commits in a temporary tree; the patch follows as a commit of its own. Returns the last commit. */
async function revert(facts: RollbackFacts, cwd: string, options: RollbackActOptions): Promise<string> {
  const { request: { tag }, sha, reverts } = facts;
  const { signal } = options;
  const patch = await loadPatch(facts, options);
  await revertCommits({ tree: cwd, commits: reverts, signal });
  await assertSameFiles(cwd, sha, tag);
  if (patch !== null) {
    await applyEmergencyPatch(cwd, patch, { signal });
    await git(commitPatchArgs(tag), { cwd, signal });
  }
  return (await git(["rev-parse", "HEAD"], { cwd })).trim();
}

/** After all reverts, the files have to be those of the tag. */
async function assertSameFiles(tree: string, sha: string, tag: string): Promise<void> {
  const differing = await git(["diff", "--name-only", "--no-ext-diff", "-z", sha, "HEAD"], { cwd: tree });
  const files = differing.split("\0").filter((name) => name !== "");
  if (files.length === 0) return;
  const verb = files.length === 1 ? "differs" : "differ";
  const count = formatCount(files.length, "file");
  throw new KitError("failed", `Cannot revert to ${tag}: after all reverts, ${count} still ${verb}`, {
    hint: `They are ${files.slice(0, 5).join(", ")}; use --mode worktree or --mode install`,
  });
}

/** Run commands of a program, each in an empty folder. */
function runnerOf(words: readonly string[], signal: AbortSignal): RunVersion {
  return async (args: readonly string[], more: Partial<RunProgramOptions> = {}) => {
    const folder = await Deno.makeTempDir({ prefix: "civitai-dl-rollback-" });
    try {
      return await runProgram([...words, ...args], { cwd: folder, signal, ...more });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };
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

async function planPointers(
  { request: { folder }, name, pointers }: RollbackFacts,
  wasDone: boolean,
): Promise<ActUndo> {
  const { current } = pointers;
  const { current: now } = await readPointers(folder);
  const inUse = now ?? "no version";
  if (now !== current && now !== name) {
    throw new UndoConflict(`Cannot return to ${current ?? "no version"}: ${inUse} is in use by now`, {
      hint: "Somebody has switched since; choose the version yourself: civitai-dl install switch VERSION",
      keeps: `${inUse} stays in use: somebody has switched to it since`,
    });
  }
  // One that never ended gets back whatever was there, even if that led nowhere.
  if (current !== null && wasDone && findInstalled(await readInstallation(folder), current) === null) {
    throw new UndoConflict(`Cannot return to ${current}: it is not installed any more`, {
      hint: shell`Install it: civitai-dl install add ${`v${current.replace(/\+.*/, "")}`} --switch`,
      keeps: `${inUse} stays in use: ${current} is not installed any more`,
    });
  }
  const apply = async () => {
    await restorePointers(folder, pointers);
    return true;
  };
  return { text: current === null ? "no installed version is in use" : `${current} is in use`, apply };
}

async function planWorktree(
  { request, sha, tree }: RollbackFacts,
  { isComplete }: ActState,
): Promise<ActUndo | null> {
  const path = request.tree!;
  const repository = await openRepository(request.repository!);
  const isThere = await Deno.lstat(path).then(() => true, () => false);
  const listed = await findKeptWorktree(repository, path);
  const gone = `the working tree ${path} is gone already`;
  if (listed === null && !isThere) return isComplete ? { text: gone, apply: () => Promise.resolve(true) } : null;
  const work = await findTreeWork(repository, path, { sha, tree });
  const why = work !== null ? describeWork(work, request.tag) : listed === null
    ? OTHER
    // Git itself locks a tree that it has not completed.
    : isComplete && listed.isLocked
    ? { reason: "it is locked", hint: shell`Unlock it: git worktree unlock ${path}` }
    : null;
  if (listed === null || why !== null) {
    const { reason, hint } = why ?? OTHER;
    throw new UndoConflict(`Cannot remove the working tree "${path}": ${reason}`, {
      hint,
      keeps: `the working tree ${path} stays: ${reason}`,
    });
  }
  const apply = async () => {
    await removeKeptWorktree(repository, listed, { command: "rollback undo" });
    return true;
  };
  return { text: isThere ? `the working tree ${path} is removed` : gone, apply };
}

/** A folder that is in the place of the working tree. */
const OTHER = {
  reason: "it is not the working tree that the rollback made",
  hint: "Look at it, move it away, and run this again",
};

function describeWork(work: TreeWork, tag: string): { readonly reason: string; readonly hint: string } {
  switch (work.type) {
    case "other":
      return OTHER;
    case "commit":
      return {
        reason: `a commit is checked out there that is not the one of ${tag}`,
        hint: "Keep it on a branch, remove the tree yourself (git worktree remove), and run this again",
      };
    case "files": {
      const [first, second, third, ...more] = work.files;
      const count = work.files.length === 1 ? "a file" : formatCount(work.files.length, "file");
      const names = [first, second, third].filter((name) => name !== undefined).join(", ");
      return {
        reason: `it has ${count} of yours: ${names}${more.length === 0 ? "" : ` and ${more.length} more`}`,
        hint: "Move away what you need, delete the rest, and run this again",
      };
    }
  }
}
