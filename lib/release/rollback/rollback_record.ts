import * as z from "zod";
import { KitError } from "../../base/mod.ts";
import { type Operation, OperationStore } from "../../git/mod.ts";
import { requireInstallFolder } from "../install/install_folder.ts";
import type { Pointers } from "../install/switch_version.ts";
import type { RevertedCommit } from "./revert_commits.ts";

/** Kind of a rollback: switch the installed version, check the tag out beside, or make a branch of reverts. */
export type RollbackMode = "install" | "worktree" | "revert";

/** What is asked for. */
export interface RollbackRequest {
  /** Kind of the rollback. */
  readonly mode: RollbackMode;
  /** The tag to go back to. */
  readonly tag: string;
  /** Root of the repository; `null` if there is none and the version is installed. */
  readonly repository: string | null;
  /** The folder of installed versions. */
  readonly folder: string;
  /** Folder of the working tree, absolute; `null` unless the mode is `worktree`. */
  readonly tree: string | null;
  /** Branch to revert; `null` unless the mode is `revert`. */
  readonly branch: string | null;
  /** The library that the old version must be able to read, absolute; `null` if none was named. */
  readonly library: string | null;
  /** Whether to stop a run that holds the library. */
  readonly stopsRun: boolean;
}

/** The command that a process shows which meets a lock of this one. */
export function commandOf({ tag, mode }: RollbackRequest): string {
  return `rollback ${tag} --mode ${mode}`;
}

/** What the steps of a rollback are made of; it is recorded with them. */
export interface RollbackFacts {
  /** What was asked for. */
  readonly request: RollbackRequest;
  /** What was in use before, in words. */
  readonly from: string;
  /** Full hash of the tag's commit. */
  readonly sha: string;
  /** Full hash of the object with the files of the version: the commit, or the tree of the patched one. */
  readonly tree: string;
  /** SHA-256 of the emergency patch; `null` if there is none. */
  readonly patchSha256: string | null;
  /** Name of the version's folder in the installation. */
  readonly name: string;
  /** The versions that were in use before. */
  readonly pointers: Pointers;
  /** Full hash of the tip of the branch to revert; `null` unless the mode is `revert`. */
  readonly tip: string | null;
  /** Commits to revert, the newest first; empty unless the mode is `revert`. */
  readonly reverts: readonly RevertedCommit[];
}

const text = z.string();
const schema = z.strictObject({
  request: z.strictObject({
    mode: z.enum(["install", "worktree", "revert"]),
    tag: text,
    repository: text.nullable(),
    folder: text,
    tree: text.nullable(),
    branch: text.nullable(),
    library: text.nullable(),
    stopsRun: z.boolean(),
  }),
  from: text,
  sha: text,
  tree: text,
  patchSha256: text.nullable(),
  name: text,
  pointers: z.strictObject({ current: text.nullable(), previous: text.nullable() }),
  tip: text.nullable(),
  reverts: z.array(z.strictObject({ sha: text, subject: text, isMerge: z.boolean() })),
});

/** A rollback, and how far it is. */
export interface RecordedRollback {
  readonly operation: Operation;
  readonly facts: RollbackFacts;
}

/**
 * Open the records of rollbacks, which are in the folder of installed versions: a rollback may have no repository.
 *
 * @param folder The folder of installed versions
 * @throws {KitError} `usage` if the folder is a file
 */
export async function openRollbackStore(folder: string): Promise<OperationStore> {
  await requireInstallFolder(folder);
  return new OperationStore({
    folder,
    command: "rollback",
    ifDamaged: "civitai-dl rollback status says which version is in use",
  });
}

/**
 * Read what the steps of a rollback are made of.
 *
 * @param operation The record
 * @param folder The folder of installed versions, which may have been moved or copied since; then the versions in it are
 * meant, not the old place
 * @throws {KitError} `unsafe` if the record is not one of a rollback
 */
export function readRollback(operation: Operation, folder: string): RecordedRollback {
  const parsed = schema.safeParse(operation.about);
  if (!parsed.success) {
    throw new KitError("unsafe", `Cannot use the record of "${operation.command}": it is not one of a rollback`);
  }
  return { operation, facts: { ...parsed.data, request: { ...parsed.data.request, folder } } };
}

/**
 * Find the rollback that has not ended, or else the last one. Nothing is changed.
 *
 * @param store As from {@linkcode openRollbackStore}
 * @param folder As in {@linkcode readRollback}
 * @returns The rollback; `null` if there was none
 */
export async function findLastRollback(store: OperationStore, folder: string): Promise<RecordedRollback | null> {
  const operation = await store.readCurrent() ?? (await store.readEnded()).at(0);
  return operation === undefined ? null : readRollback(operation, folder);
}
