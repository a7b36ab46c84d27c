import * as z from "zod";
import { KitError } from "../../base/mod.ts";
import { type Operation, OperationStore } from "../../git/mod.ts";
import { requireInstallFolder } from "../install/install_folder.ts";
import type { Pointers } from "../install/switch_version.ts";

interface CommonRequest {
  /** The tag to go back to. */
  readonly tag: string;
  /** The folder of installed versions. */
  readonly folder: string;
  /** The library that the old version must be able to read, absolute; `null` if none was named. */
  readonly library: string | null;
  /** Whether to stop a run that holds the library. */
  readonly stopsRun: boolean;
}

/** Switch the installed version. */
export interface InstallRequest extends CommonRequest {
  readonly mode: "install";
  /** Root of the repository; `null` if there is none and the version is installed. */
  readonly repository: string | null;
}

/** Check the tag out into a folder of its own, to run it from there. */
export interface WorktreeRequest extends CommonRequest {
  readonly mode: "worktree";
  /** Root of the repository. */
  readonly repository: string;
  /** Folder of the working tree, absolute. */
  readonly tree: string;
}

/** What is asked for. */
export type RollbackRequest = InstallRequest | WorktreeRequest;

/** Kind of a rollback. */
export type RollbackMode = RollbackRequest["mode"];

/** The command that a process shows which meets a lock of this one. */
export function commandOf({ tag, mode }: RollbackRequest): string {
  return `rollback ${tag} --mode ${mode}`;
}

/** What the steps of every rollback are made of. */
export interface CommonFacts {
  /** What was in use before, in words. */
  readonly from: string;
  /** Full hash of the tag's commit. */
  readonly sha: string;
  /** SHA-256 of the emergency patch; `null` if there is none. */
  readonly patchSha256: string | null;
}

/** What the steps are made of that switch the installed version. */
export interface InstallFacts extends InstallRequest, CommonFacts {
  /** Name of the version's folder in the installation. */
  readonly name: string;
  /** The versions that were in use before. */
  readonly pointers: Pointers;
}

/** What the steps are made of that check a tag out. */
export interface WorktreeFacts extends WorktreeRequest, CommonFacts {
  /** Full hash of the object with the files of the version: the commit, or the tree of the patched one. */
  readonly files: string;
}

/** What the steps of a rollback are made of; it is recorded with them. */
export type RollbackFacts = InstallFacts | WorktreeFacts;

const text = z.string();
const common = {
  tag: text,
  folder: text,
  library: text.nullable(),
  stopsRun: z.boolean(),
  from: text,
  sha: text,
  patchSha256: text.nullable(),
};
const schema = z.discriminatedUnion("mode", [
  z.strictObject({
    ...common,
    mode: z.literal("install"),
    repository: text.nullable(),
    name: text,
    pointers: z.strictObject({ current: text.nullable(), previous: text.nullable() }),
  }),
  z.strictObject({ ...common, mode: z.literal("worktree"), repository: text, tree: text, files: text }),
]);

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
  return { operation, facts: { ...parsed.data, folder } };
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
