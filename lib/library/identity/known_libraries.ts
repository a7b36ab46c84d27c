import { createHash } from "node:crypto";
import { isAbsolute, join, relative } from "node:path";
import { ensurePrivateFolder, listIfExists, StateFile, type StateFormat } from "../../base/mod.ts";

/** A library that was seen at a path. */
export interface KnownLibrary {
  /** The library's folder, absolute. */
  readonly path: string;
  /** Its identity. */
  readonly id: string;
  /** When it was last seen there, ISO 8601 UTC, within an hour. */
  readonly seenAt: string;
}

/** Options of {@linkcode KnownLibraries}. */
export interface KnownLibrariesOptions {
  /** Folders whose content comes and goes, such as that of temporary files. */
  readonly temporary: readonly string[];
}

const FORMAT: StateFormat<KnownLibrary> = {
  schema: "civitai-dl/known-library",
  version: 1,
  parse: ({ path, id, seenAt }) => {
    const areTexts = typeof path === "string" && typeof id === "string" && typeof seenAt === "string";
    if (areTexts && !Number.isNaN(Date.parse(seenAt))) return { path, id, seenAt };
    throw new SyntaxError("it has no path, identity or time");
  },
  loss: "the library is seen for the first time again",
};
/** The time that is stored is at most this old, in milliseconds, so that few commands write. */
const SEEN_MS = 3_600_000;
/** Paths that are remembered. */
const MAX_KNOWN = 200;

/**
 * Remembers, outside of the libraries, which library is at which path. Each path has a file of its own, so that processes
 * do not overwrite what others remember. At most 200 paths are kept: those that are absent from temporary folders, where
 * trials leave many, are forgotten first, then those that were seen longest ago. Whatever goes wrong here is no reason for a command to fail: without this memory, an empty folder is taken for a
 * new library, and nothing else changes.
 */
export class KnownLibraries {
  readonly #folder: string;
  readonly #temporary: readonly string[];

  /**
   * Nothing is read or written yet.
   *
   * @param folder Folder for the memory; created when something is remembered
   * @param options Folders whose content comes and goes
   */
  constructor(folder: string, { temporary }: KnownLibrariesOptions) {
    this.#folder = folder;
    this.#temporary = temporary;
  }

  /** Return the library that was last seen at a path; `null` if none was, or the memory cannot be read. */
  async find(path: string): Promise<KnownLibrary | null> {
    const known = await this.#read(this.#fileOf(path));
    return known?.path === path ? known : null;
  }

  /** Return all paths, in any order. */
  async list(): Promise<readonly KnownLibrary[]> {
    try {
      const names = (await listIfExists(this.#folder)).map(({ name }) => name).filter((name) => name.endsWith(".json"));
      const known = await Promise.all(names.map((name) => this.#read(join(this.#folder, name))));
      return known.filter((one) => one !== null);
    } catch (error) {
      return ignore(error, []);
    }
  }

  /**
   * Remember which library is at a path.
   *
   * @param path The library's folder, absolute
   * @param id Its identity
   * @param options The time, in milliseconds since the epoch
   */
  async remember(path: string, id: string, { now }: { readonly now: number }): Promise<void> {
    const before = await this.#read(this.#fileOf(path));
    const isSame = before?.path === path && before.id === id;
    if (isSame && Math.abs(now - Date.parse(before.seenAt)) < SEEN_MS) return;
    try {
      ensurePrivateFolder(this.#folder);
      const known = { path, id, seenAt: new Date(now).toISOString() };
      await new StateFile(this.#fileOf(path), FORMAT).write(known, { sync: false });
    } catch (error) {
      return ignore(error, undefined);
    }
    if (before === null) await this.#prune();
  }

  /** Forget which library was at a path. */
  async forget(path: string): Promise<void> {
    await Deno.remove(this.#fileOf(path)).catch((error) => ignore(error, undefined));
  }

  /** Trials must not push out the libraries that people keep. */
  async #prune(): Promise<void> {
    const known = await this.list();
    if (known.length <= MAX_KNOWN) return;
    const all = await Promise.all(known.map(async ({ path, seenAt }) => (
      { path, seenAt, isTrial: this.#isTemporary(path) && !await exists(path) }
    )));
    const sorted = all.toSorted((a, b) => Number(a.isTrial) - Number(b.isTrial) || b.seenAt.localeCompare(a.seenAt));
    for (const { path } of sorted.slice(MAX_KNOWN)) await this.forget(path);
  }

  #isTemporary(path: string): boolean {
    return this.#temporary.some((folder) => {
      const below = relative(folder, path);
      return below !== "" && !below.startsWith("..") && !isAbsolute(below);
    });
  }

  #fileOf(path: string): string {
    return join(this.#folder, `${createHash("sha256").update(path).digest("hex").slice(0, 32)}.json`);
  }

  /** A file of a later version is neither used nor removed, so that the program can be rolled back. */
  async #read(file: string): Promise<KnownLibrary | null> {
    try {
      return await new StateFile(file, FORMAT).read();
    } catch (error) {
      return ignore(error, null);
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

/** A home that cannot be read or written, or a damaged file, only means that nothing is remembered. */
function ignore<T>(error: unknown, value: T): T {
  if (error instanceof Error) return value;
  throw error;
}
