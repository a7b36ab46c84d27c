import { join } from "node:path";
import { acquireLock, listIfExists, readTextIfExists, refuseNewer, renameFile, writeAtomic } from "../../base/mod.ts";
import { requireInstallFolder } from "../install/install_folder.ts";

/** Kind of a rollback: switch the installed version, check the tag out beside, or make a branch of reverts. */
export type RollbackMode = "install" | "worktree" | "revert";

/** How to take back one step. It is recorded before the step begins, and does nothing if the step changed nothing. */
export type RollbackUndo =
  | { readonly type: "version"; readonly folder: string; readonly name: string }
  | {
    readonly type: "pointers";
    readonly folder: string;
    /** The version that is switched to. */
    readonly name: string;
    readonly current: string | null;
    readonly previous: string | null;
  }
  | {
    readonly type: "worktree";
    readonly repository: string;
    readonly path: string;
    /** The commit that is checked out. */
    readonly sha: string;
    /** The object with its files, as in `TreeContent`. */
    readonly tree: string;
  }
  | { readonly type: "branch"; readonly repository: string; readonly name: string; readonly sha: string };

/** One step that was begun. */
export interface RollbackStep {
  /** What the step does, such as `switch`. */
  readonly name: string;
  /** Whether it was finished. */
  readonly isDone: boolean;
  /** How to take it back; `null` if it changes nothing. */
  readonly undo: RollbackUndo | null;
}

/** The request that a journal belongs to, complete enough to begin it again. */
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

/** State of a rollback on disk, written before and after each step. */
export interface RollbackJournal {
  /** Version of this format. */
  readonly version: 1;
  /** What was asked for. */
  readonly request: RollbackRequest;
  /** What was in use before, in words. */
  readonly from: string;
  /** When it began, ISO 8601 UTC. */
  readonly startedAt: string;
  /** `running` and `restoring` mean that it was interrupted, unless its process is alive. */
  readonly state: "running" | "restoring" | "done" | "restored";
  /** Whether it was done when it began to be taken back, so that what stays then also stays after a kill in between. */
  readonly wasDone?: boolean | undefined;
  /** The steps that were begun, in order. */
  readonly steps: readonly RollbackStep[];
  /** Why it failed; `null` if it did not. */
  readonly reason: string | null;
  /**
   * The finished rollback before it. Its journal comes back if this one fails or is taken back before its end, so that
   * the way forward is not forgotten. Absent if there was none, and once this one is done.
   */
  readonly earlier?: RollbackJournal | undefined;
}

const JOURNAL_NAME = "rollback.json";
/** Between the name of a damaged journal and a random part. */
const BAD = ".bad-";

/** Result of {@linkcode readRollbackJournal}. */
export interface ReadJournal {
  /** The journal; `null` if there is none or it is damaged. */
  readonly journal: RollbackJournal | null;
  /** Where a damaged journal was moved; `null` if it was sound. */
  readonly setAside: string | null;
}

/**
 * Read the journal of the last rollback. A damaged one is moved aside.
 *
 * @param folder The folder of installed versions, which also holds the journal
 * @returns The journal, and where a damaged one was moved
 * @throws {KitError} `unsafe` if a later version of the program wrote it
 */
export async function readRollbackJournal(folder: string): Promise<ReadJournal> {
  const path = join(folder, JOURNAL_NAME);
  const text = await readTextIfExists(path);
  if (text === null) return { journal: null, setAside: null };
  const journal = parseJournal(text, folder);
  if (journal !== null) return { journal, setAside: null };
  const setAside = `${path}${BAD}${crypto.randomUUID().slice(0, 8)}`;
  await renameFile(path, setAside);
  return { journal: null, setAside };
}

/** Result of {@linkcode inspectRollbackJournal}. */
export interface InspectedJournal {
  /** The journal; `null` if there is none or it is damaged. */
  readonly journal: RollbackJournal | null;
  /**
   * Damaged journals that nothing has followed, so that nobody knows whether their rollbacks ended: the one in place,
   * and those that were moved aside before. Empty if there is a sound one.
   */
  readonly damaged: readonly string[];
}

/**
 * Look at the journal of the last rollback, which may be running. Nothing is changed: a damaged one stays where it is.
 *
 * @param folder The folder of installed versions
 * @returns The journal, and what is damaged
 * @throws {KitError} `usage` if the folder is a file, `unsafe` if a later version of the program wrote the journal
 */
export async function inspectRollbackJournal(folder: string): Promise<InspectedJournal> {
  await requireInstallFolder(folder);
  const path = join(folder, JOURNAL_NAME);
  const text = await readTextIfExists(path);
  const journal = text === null ? null : parseJournal(text, folder);
  if (journal !== null) return { journal, damaged: [] };
  const names = (await listIfExists(folder)).map(({ name }) => name);
  const aside = names.filter((name) => name.startsWith(`${JOURNAL_NAME}${BAD}`)).toSorted();
  return {
    journal: null,
    damaged: [...text === null ? [] : [JOURNAL_NAME], ...aside].map((name) => join(folder, name)),
  };
}

/** Write the journal; it survives a crash right after this call. */
export async function writeRollbackJournal(journal: RollbackJournal): Promise<void> {
  const { folder } = journal.request;
  await Deno.mkdir(folder, { recursive: true });
  await writeAtomic(join(folder, JOURNAL_NAME), `${JSON.stringify(journal, null, 2)}\n`);
}

/**
 * Make sure that no other rollback runs. The operating system releases the lock when this process dies.
 *
 * @param folder The folder of installed versions
 * @param command Name of this command, for the message to others
 * @throws {KitError} `unsafe` if another one is running, `usage` if the folder is a file
 */
export async function holdRollback(folder: string, command: string): Promise<Disposable> {
  await requireInstallFolder(folder);
  await Deno.mkdir(folder, { recursive: true });
  return await acquireLock(join(folder, "rollback.lock"), {
    command,
    hint: "Wait for it to end; civitai-dl rollback status shows where it stands",
  });
}

/** Whether a rollback was interrupted: it is neither done nor taken back. */
export function isSuspended(journal: RollbackJournal | null): journal is RollbackJournal {
  return journal !== null && (journal.state === "running" || journal.state === "restoring");
}

function parseJournal(text: string, folder: string): RollbackJournal | null {
  const value = tryParse(text);
  refuseNewer(value, { path: join(folder, JOURNAL_NAME), version: 1 });
  return isJournal(value) ? moveJournal(value, folder) : null;
}

/** Parse JSON; `null` for anything but an object. */
function tryParse(text: string): Partial<RollbackJournal> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The folder may have been moved or copied since; then the versions beside the journal are meant, not the old place. */
function moveJournal(journal: RollbackJournal, folder: string): RollbackJournal {
  const { request, steps, earlier } = journal;
  return {
    ...journal,
    request: { ...request, folder },
    steps: steps.map((step) => {
      const { undo } = step;
      return undo !== null && "folder" in undo ? { ...step, undo: { ...undo, folder } } : step;
    }),
    ...earlier === undefined ? {} : { earlier: moveJournal(earlier, folder) },
  };
}

function isJournal(value: Partial<RollbackJournal> | null): value is RollbackJournal {
  if (value === null) return false;
  const { version, request, startedAt, state, steps, from, reason, wasDone, earlier } = value;
  return version === 1 && isRequest(request) && typeof from === "string" && typeof startedAt === "string" &&
    ["running", "restoring", "done", "restored"].includes(state as string) &&
    (reason === null || typeof reason === "string") && Array.isArray(steps) && steps.every(isStep) &&
    (wasDone === undefined || typeof wasDone === "boolean") && (earlier === undefined || isJournal(earlier));
}

function isRequest(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { mode, tag, repository, folder, tree, branch, library, stopsRun } = value as Record<string, unknown>;
  const isTextOrNull = (field: unknown) => field === null || typeof field === "string";
  return ["install", "worktree", "revert"].includes(mode as string) && typeof tag === "string" &&
    typeof folder === "string" && [repository, tree, branch, library].every(isTextOrNull) &&
    typeof stopsRun === "boolean";
}

const UNDO_FIELDS: Readonly<Record<RollbackUndo["type"], readonly string[]>> = {
  version: ["folder", "name"],
  pointers: ["folder", "name"],
  worktree: ["repository", "path", "sha", "tree"],
  branch: ["repository", "name", "sha"],
};

function isStep(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { name, isDone, undo } = value as Record<string, unknown>;
  if (typeof name !== "string" || typeof isDone !== "boolean") return false;
  if (undo === null) return true;
  if (typeof undo !== "object") return false;
  const { type } = undo as RollbackUndo;
  const fields = UNDO_FIELDS[type];
  return fields !== undefined && fields.every((field) => typeof Reflect.get(undo, field) === "string");
}
