/**
 * `@std/fs` on top of the platform, for networks that reach npm only. It has just the functions that the project uses.
 *
 * @module
 */
import { basename, join, normalize } from "node:path";

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

/** Options of {@linkcode exists}. */
export interface ExistsOptions {
  /** Whether the mode of the file must let this process read it; not on Windows. False by default. */
  isReadable?: boolean;
  /** Whether it must be a folder. False by default. */
  isDirectory?: boolean;
  /** Whether it must be a file. False by default. */
  isFile?: boolean;
}

/**
 * Whether a path exists, and is what the options ask for. A broken symbolic link does not exist.
 *
 * @param path Path of a file or folder
 * @param options What it must be
 * @returns Whether it exists
 * @throws {TypeError} If it must be both a folder and a file
 */
export async function exists(path: string, options: ExistsOptions = {}): Promise<boolean> {
  const { isReadable = false, isDirectory = false, isFile = false } = options;
  if (isDirectory && isFile) throw new TypeError(`Cannot look for "${path}": nothing is both a folder and a file`);
  try {
    const info = await Deno.stat(path);
    if ((isDirectory && !info.isDirectory) || (isFile && !info.isFile)) return false;
    return !isReadable || isReadableByMode(info);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    // Something is there, but in a folder that this process may not search.
    if (error instanceof Deno.errors.PermissionDenied) return !isReadable;
    throw error;
  }
}

function isReadableByMode({ mode, uid, gid }: Deno.FileInfo): boolean {
  if (mode === null) return true;
  if (Deno.uid() === uid) return (mode & 0o400) !== 0;
  return (mode & (Deno.gid() === gid ? 0o040 : 0o004)) !== 0;
}

/** Options of {@linkcode walk}. */
export interface WalkOptions {
  /** Maximum depth; 0 yields only the root. Unlimited by default. */
  maxDepth?: number;
  /** Whether to yield files. True by default. */
  includeFiles?: boolean;
  /** Whether to yield folders; with `exts`, only those whose names end so. True by default. */
  includeDirs?: boolean;
  /** Whether to yield symbolic links that are not followed. True by default. */
  includeSymlinks?: boolean;
  /** Whether to yield what a symbolic link points at instead of the link, and to walk it. False by default. */
  followSymlinks?: boolean;
  /** Whether what was reached by a link has its real path. True by default. */
  canonicalize?: boolean;
  /** File extensions to yield, with or without the dot; all if absent. */
  exts?: string[];
  /** Patterns of which one must match a path; all paths if absent. */
  match?: RegExp[];
  /** Patterns of paths to leave out, with what is below them. */
  skip?: RegExp[];
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
  const { maxDepth = Infinity, includeFiles = true, includeDirs = true, includeSymlinks = true } = options;
  if (maxDepth < 0) return;
  if (includeDirs && isWanted(root, options)) yield await readRoot(root);
  if (maxDepth < 1 || matchesAny(root, options.skip)) return;
  for await (const entry of Deno.readDir(root)) {
    const path = join(root, entry.name);
    if (entry.isSymlink && !options.followSymlinks) {
      if (includeSymlinks && isWanted(path, options)) yield { path, ...entry };
      continue;
    }
    const target = entry.isSymlink ? await followLink(path, options) : { path, isDirectory: entry.isDirectory };
    if (target.isDirectory) yield* walk(target.path, { ...options, maxDepth: maxDepth - 1 });
    else if (includeFiles && isWanted(target.path, options)) yield { ...entry, path: target.path };
  }
}

async function readRoot(root: string): Promise<WalkEntry> {
  const { isFile, isDirectory, isSymlink } = await Deno.stat(root);
  const path = normalize(root);
  return { path, name: basename(path), isFile, isDirectory, isSymlink };
}

async function followLink(
  path: string,
  { canonicalize = true }: WalkOptions,
): Promise<{ path: string; isDirectory: boolean }> {
  const realPath = await Deno.realPath(path);
  const { isDirectory } = await Deno.stat(realPath);
  return { path: canonicalize ? realPath : path, isDirectory };
}

function isWanted(path: string, { exts, match, skip }: WalkOptions): boolean {
  if (exts !== undefined && !exts.some((ext) => path.endsWith(ext.startsWith(".") ? ext : `.${ext}`))) return false;
  return (match === undefined || matchesAny(path, match)) && !matchesAny(path, skip);
}

function matchesAny(path: string, patterns: readonly RegExp[] = []): boolean {
  return patterns.some((pattern) => path.search(pattern) !== -1);
}
