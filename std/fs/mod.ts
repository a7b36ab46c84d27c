/**
 * `@std/fs` on top of the platform, for networks that reach npm only. It has just the functions that the project uses.
 *
 * @module
 */
import { join } from "node:path";

/**
 * Create a folder and its parents, unless they exist.
 *
 * @param dir Path of the folder
 * @throws {Error} If the path is a file
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
 * Whether a path exists. A broken symbolic link does not.
 *
 * @param path Path of a file or folder
 * @returns Whether it exists
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

/** Options of {@linkcode walk}, as far as the project uses those of std. */
export interface WalkOptions {
  /** Maximum depth; 0 yields only the root. Unlimited by default. */
  maxDepth?: number;
  /**
   * Whether to yield files.
   *
   * @default {true}
   */
  includeFiles?: boolean;
  /**
   * Whether to yield folders; with `exts`, none are.
   *
   * @default {true}
   */
  includeDirs?: boolean;
  /** File extensions to yield, with or without the dot; all if absent. */
  exts?: string[];
}

/** One entry of {@linkcode walk}. */
export interface WalkEntry extends Deno.DirEntry {
  /** Path of the entry, beginning with the given root. */
  path: string;
}

/**
 * Walk a folder recursively. The root comes first; the rest has no particular order.
 *
 * @param root Path of the folder
 * @param options Depth, and the entries to yield
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
