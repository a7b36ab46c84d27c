/**
 * `@std/fs` over the platform, for networks that reach npm only: the functions that the project uses.
 *
 * @module
 */
import { join } from "node:path";

/**
 * Make a folder and those above it.
 *
 * @param dir The folder
 * @throws {Error} If a file stands in its place
 */
export async function ensureDir(dir: string): Promise<void> {
  try {
    await Deno.mkdir(dir, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    if (!(await Deno.stat(dir)).isDirectory) throw new Error(`Failed to ensure directory exists: "${dir}" is a file`);
  }
}

/**
 * Does the path exist?
 *
 * @param path The path
 * @returns Whether it does
 */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Options of {@linkcode walk}: those of std that the project uses. */
export interface WalkOptions {
  /** How deep; 0 is the root alone. */
  maxDepth?: number;
  /**
   * Give files.
   *
   * @default {true}
   */
  includeFiles?: boolean;
  /**
   * Give folders.
   *
   * @default {true}
   */
  includeDirs?: boolean;
  /** Endings to keep, with or without the dot. */
  exts?: string[];
}

/** One entry of {@linkcode walk}. */
export interface WalkEntry extends Deno.DirEntry {
  /** The path, beginning with the root as given. */
  path: string;
}

/**
 * Walk a folder, the root first, in no particular order.
 *
 * @param root The folder
 * @param options What to include
 */
export async function* walk(root: string, options: WalkOptions = {}): AsyncIterableIterator<WalkEntry> {
  const { maxDepth = Infinity, includeFiles = true, includeDirs = true, exts } = options;
  if (maxDepth < 0) return;
  const endings = exts?.map((ext) => ext.startsWith(".") ? ext : `.${ext}`);
  if (includeDirs && endings === undefined) {
    yield { path: root, name: root.split(/[\\/]/).at(-1)!, isFile: false, isDirectory: true, isSymlink: false };
  }
  for await (const entry of Deno.readDir(root)) {
    const path = join(root, entry.name);
    if (entry.isDirectory) yield* walk(path, { ...options, maxDepth: maxDepth - 1 });
    else if (includeFiles && maxDepth > 0 && (endings?.some((ending) => path.endsWith(ending)) ?? true)) {
      yield { path, ...entry };
    }
  }
}
