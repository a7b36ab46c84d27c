import { join } from "node:path";
import {
  acquireLock,
  ensurePrivateFolder,
  type FileLock,
  inspectLock,
  KitError,
  type LockHolder,
  renameFile,
  writeAtomic,
} from "../../base/mod.ts";
import type { Repository } from "../open_repository.ts";
import { type Operation, parseOperation } from "./operation.ts";

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
   * @throws {KitError} `unsafe` if its file is damaged; the file is moved aside, so that this happens once
   */
  async readCurrent(): Promise<Operation | null> {
    const text = await readIfExists(this.currentPath);
    if (text === null) return null;
    try {
      return parseOperation(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const aside = `${this.currentPath}.bad-${new Date().toISOString().replaceAll(/[:.]/g, "-")}`;
      await renameFile(this.currentPath, aside);
      throw new KitError("unsafe", `Cannot read the operation under way: its file is damaged; it is now ${aside}`, {
        hint: "Compare the branches and tags with those of the remote: civitai-dl branch status",
        cause: error,
      });
    }
  }

  /**
   * Read the operations that have ended.
   *
   * @returns Operations, the latest first; damaged files are left out
   */
  async readEnded(): Promise<readonly Operation[]> {
    const folder = join(this.#folder, "operations");
    const names: string[] = [];
    try {
      for await (const { name } of Deno.readDir(folder)) if (name.endsWith(".json")) names.push(name);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    const operations: Operation[] = [];
    for (const name of names.sort().reverse()) {
      const operation = await readOperation(join(folder, name));
      if (operation !== null) operations.push(operation);
    }
    return operations;
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
    const folder = join(this.#folder, "operations");
    ensurePrivateFolder(folder);
    await writeAtomic(join(folder, `${operation.id}.json`), text, { mode: 0o600 });
    // A kill in between leaves a current operation whose end is already recorded; continuing it records the end again.
    await Deno.remove(this.currentPath).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}

async function readIfExists(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function readOperation(path: string): Promise<Operation | null> {
  try {
    return parseOperation(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
