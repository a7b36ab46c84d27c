import { basename, join } from "node:path";
import {
  acquireLock,
  ensurePrivateFolder,
  type FileLock,
  inspectLock,
  KitError,
  listIfExists,
  type LockHolder,
  readTextIfExists,
  renameFile,
  writeAtomic,
} from "../../base/mod.ts";
import type { Repository } from "../open_repository.ts";
import { type Operation, parseOperation } from "./operation.ts";

/** Follows the name of a damaged file that was moved aside; the time follows. */
const ASIDE = ".bad-";

/** What to do about an operation whose file is damaged. Its temporary tree may have resolved conflicts in it. */
const COMPARE = "Compare the branches and tags with those of the remote: civitai-dl branch status; " +
  "git worktree list names the temporary tree that it may have left";

/**
 * The operations of a repository, in its git folder: at most one that has not ended, and those that have. All working
 * trees of the repository share them.
 */
export class OperationStore {
  readonly #folder: string;

  /**
   * Open the store; its folder is created when something is written.
   *
   * @param repository The repository
   */
  constructor(repository: Repository) {
    this.#folder = join(repository.commonFolder, "civitai-dl");
  }

  /** Path of the operation that has not ended; it exists only until that operation ends. */
  get currentPath(): string {
    return join(this.#folder, "operation.json");
  }

  /**
   * Keep other processes from starting, continuing or undoing an operation.
   *
   * @param command The command of this process, shown to others
   * @returns The lock; dispose it to release it
   * @throws {KitError} `unsafe` if another process holds it
   */
  lock(command: string): Promise<FileLock> {
    ensurePrivateFolder(this.#folder);
    return acquireLock(this.#lockPath, { command });
  }

  /**
   * Find the process that works on an operation now.
   *
   * @returns The process; `null` if there is none, so that an operation that has not ended was interrupted
   */
  async findRunner(): Promise<LockHolder | null> {
    const lock = await inspectLock(this.#lockPath);
    return lock !== null && lock.isHeld ? lock.holder ?? null : null;
  }

  get #lockPath(): string {
    return join(this.#folder, "lock");
  }

  /**
   * Read the operation that has not ended.
   *
   * @returns The operation, or `null` if there is none
   * @throws {KitError} `unsafe` if its file is damaged; the file is moved aside, so that this happens once. One of a later
   * version stays
   */
  async readCurrent(): Promise<Operation | null> {
    const text = await readTextIfExists(this.currentPath);
    if (text === null) return null;
    try {
      return parseOperation(text, this.currentPath);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const aside = `${this.currentPath}${ASIDE}${stampOf(new Date().toISOString())}`;
      await renameFile(this.currentPath, aside);
      throw new KitError("unsafe", `Cannot read the operation under way: its file is damaged; it is now ${aside}`, {
        hint: COMPARE,
        cause: error,
      });
    }
  }

  /**
   * Find a damaged file of a later operation than all that can be read. What that operation did is not known, so none
   * before it may be taken for the last one.
   *
   * @returns Its path: of the file moved aside, or of the latest operation that has ended; `null` if there is none
   */
  async findDamaged(): Promise<string | null> {
    const [latest] = await this.#listEnded();
    const ended = latest === undefined ? null : await readOperation(latest);
    if (latest !== undefined && ended === null) return latest;
    const prefix = `${basename(this.currentPath)}${ASIDE}`;
    const asides = (await listIfExists(this.#folder)).map(({ name }) => name).filter((name) => name.startsWith(prefix));
    const last = asides.sort().at(-1);
    if (last === undefined) return null;
    const isLater = ended === null || last.slice(prefix.length) > stampOf(ended.endedAt ?? ended.startedAt);
    return isLater ? join(this.#folder, last) : null;
  }

  /**
   * Read the operations that have ended.
   *
   * @returns Operations, the latest first; damaged files are left out
   */
  async readEnded(): Promise<readonly Operation[]> {
    const operations: Operation[] = [];
    for (const path of await this.#listEnded()) {
      const operation = await readOperation(path);
      if (operation !== null) operations.push(operation);
    }
    return operations;
  }

  /** List the files of operations that have ended, the latest first. */
  async #listEnded(): Promise<readonly string[]> {
    const names = (await listIfExists(this.#endedFolder)).map(({ name }) => name).filter((name) =>
      name.endsWith(".json")
    );
    return names.sort().reverse().map((name) => join(this.#endedFolder, name));
  }

  get #endedFolder(): string {
    return join(this.#folder, "operations");
  }

  /**
   * Write an operation. One that has ended leaves the current place.
   *
   * @param operation The operation
   */
  async write(operation: Operation): Promise<void> {
    ensurePrivateFolder(this.#folder);
    const text = `${JSON.stringify(operation, null, 2)}\n`;
    const ended = operation.state === "done" || operation.state === "undone";
    if (!ended) return await writeAtomic(this.currentPath, text, { mode: 0o600 });
    ensurePrivateFolder(this.#endedFolder);
    await writeAtomic(join(this.#endedFolder, `${operation.id}.json`), text, { mode: 0o600 });
    // A kill in between leaves a current operation whose end is already recorded; continuing it records the end again.
    await Deno.remove(this.currentPath).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}

/** Write a time, ISO 8601 UTC, as a part of a file's name; such stamps sort by time. */
function stampOf(time: string): string {
  return time.replaceAll(/[:.]/g, "-");
}

async function readOperation(path: string): Promise<Operation | null> {
  try {
    return parseOperation(await Deno.readTextFile(path), path);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
