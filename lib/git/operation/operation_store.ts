import { basename, join } from "node:path";
import {
  type FileLock,
  inspectLock,
  KitError,
  listIfExists,
  type LockHolder,
  removeIfExists,
  StateFile,
} from "../../base/mod.ts";
import type { Repository } from "../open_repository.ts";
import { type Operation, OPERATION_FORMAT } from "./operation.ts";

/** Where operations are recorded, if not in the git folder of a repository. */
export interface OperationPlace {
  /** The folder of the records. */
  readonly folder: string;
  /** The command whose operations they are, which also names the files. */
  readonly command: string;
  /** What to do about an operation whose record is damaged, as a hint. */
  readonly ifDamaged: string;
}

/**
 * The records of operations: at most one operation that has not ended, and those that have. Those of `branch` and
 * `release` are in the git folder, which all working trees of the repository share.
 */
export class OperationStore {
  /** The command that continues and undoes these operations, such as `branch`. */
  readonly command: string;
  readonly #folder: string;
  readonly #ifDamaged: string;
  readonly #current: StateFile<Operation>;

  /**
   * Open the store; its folder is created when something is written.
   *
   * @param place The repository, or another place
   */
  constructor(place: Repository | OperationPlace) {
    const isOfRepository = "commonFolder" in place;
    this.command = isOfRepository ? "branch" : place.command;
    this.#folder = isOfRepository ? join(place.commonFolder, "civitai-dl") : place.folder;
    this.#ifDamaged = isOfRepository ? COMPARE : place.ifDamaged;
    this.#current = new StateFile(
      join(this.#folder, `${isOfRepository ? "operation" : place.command}.json`),
      OPERATION_FORMAT,
    );
  }

  /** Path of the operation that has not ended; it exists only until that operation ends. */
  get currentPath(): string {
    return this.#current.path;
  }

  /**
   * Keep other processes from starting, continuing or undoing an operation.
   *
   * @param command The command of this process, shown to others
   * @returns The lock; dispose it to release it
   * @throws {KitError} `unsafe` if another process holds it
   */
  async lock(command: string): Promise<FileLock> {
    await Deno.mkdir(this.#folder, { recursive: true });
    const hint = `Wait for it to end; civitai-dl ${this.command} status shows where it stands`;
    return await this.#current.lock({ command, hint });
  }

  /**
   * Find the process that works on an operation now.
   *
   * @returns The process; `null` if there is none, so that an operation that has not ended was interrupted
   */
  async findRunner(): Promise<LockHolder | null> {
    const lock = await inspectLock(this.currentPath.replace(/\.json$/, ".lock"));
    return lock !== null && lock.isHeld ? lock.holder ?? null : null;
  }

  /**
   * Read the operation that has not ended.
   *
   * @returns The operation, or `null` if there is none
   * @throws {KitError} `unsafe` if its file is damaged; the file is moved aside, so that this happens once. One of a later
   * version stays
   */
  async readCurrent(): Promise<Operation | null> {
    return await this.#current.open((message) => {
      throw new KitError("unsafe", message, { hint: this.#ifDamaged });
    });
  }

  /** As {@linkcode OperationStore.readCurrent}, but a damaged file is only warned of: something else cannot wait. */
  async openCurrent(onWarning: (message: string) => void): Promise<Operation | null> {
    return await this.#current.open(onWarning);
  }

  /**
   * Find a damaged file of a later operation than all that can be read. What that operation did is not known, so none
   * before it may be taken for the last one.
   *
   * @returns Its path: of the operation under way, of its file that was moved aside, or of the latest operation that has
   * ended; `null` if there is none
   */
  async findDamaged(): Promise<string | null> {
    const [latest] = await this.#listEnded();
    const ended = latest === undefined ? null : await tryRead(latest);
    if (latest !== undefined && ended === null) return latest.path;
    for (const path of await this.#listDamaged()) {
      const { mtime } = await Deno.stat(path);
      const isLater = ended === null || (mtime?.getTime() ?? 0) > Date.parse(ended.endedAt ?? ended.startedAt);
      if (isLater) return path;
    }
    return null;
  }

  async #listDamaged(): Promise<readonly string[]> {
    const isDamaged = await this.#current.readText() !== null && await tryRead(this.#current) === null;
    const prefix = `${basename(this.currentPath)}.corrupt`;
    const asides = (await listIfExists(this.#folder)).map(({ name }) => name).filter((name) => name.startsWith(prefix));
    return [...isDamaged ? [this.currentPath] : [], ...asides.toSorted().map((name) => join(this.#folder, name))];
  }

  /**
   * Read the operations that have ended.
   *
   * @returns Operations, the latest first; damaged files are left out
   */
  async readEnded(): Promise<readonly Operation[]> {
    const operations = await Promise.all((await this.#listEnded()).map(tryRead));
    return operations.filter((operation) => operation !== null);
  }

  /** List the files of operations that have ended, the latest first. */
  async #listEnded(): Promise<readonly StateFile<Operation>[]> {
    const names = (await listIfExists(this.#endedFolder)).map(({ name }) => name).filter((name) =>
      name.endsWith(".json")
    );
    return names.toSorted().toReversed().map((name) => new StateFile(join(this.#endedFolder, name), OPERATION_FORMAT));
  }

  get #endedFolder(): string {
    return this.currentPath.replace(/\.json$/, "s");
  }

  /**
   * Write an operation. One that has ended leaves the current place.
   *
   * @param operation The operation
   */
  async write(operation: Operation): Promise<void> {
    const hasEnded = operation.state === "done" || operation.state === "undone";
    await Deno.mkdir(hasEnded ? this.#endedFolder : this.#folder, { recursive: true });
    if (!hasEnded) return await this.#current.write(operation);
    await new StateFile(join(this.#endedFolder, `${operation.id}.json`), OPERATION_FORMAT).write(operation);
    // A kill in between leaves a current operation whose end is already recorded; continuing it records the end again.
    await removeIfExists(this.currentPath);
  }
}

/** What to do about an operation whose file is damaged. Its temporary tree may have resolved conflicts in it. */
const COMPARE = "Compare the branches and tags with those of the remote: civitai-dl branch status; " +
  "git worktree list names the temporary tree that it may have left";

async function tryRead(file: StateFile<Operation>): Promise<Operation | null> {
  try {
    return await file.read();
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
