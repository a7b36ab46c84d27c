import { KitError } from "../kit_error.ts";

/**
 * Maximum number of attempts to open a file that keeps being replaced, for example by another process that rotates a
 * log.
 */
const MAX_TRIES = 1000;

/**
 * `Deno.open` for the program's own files in a folder that others may write to. It never follows a link, and rejects
 * devices and pipes. A new file is created exclusively. An existing file must be the same before and after opening, so
 * that a link that another user puts there in between is detected.
 *
 * @param path The file; its folder must exist
 * @param options Those of `Deno.open`; `truncate` applies only after the check
 * @throws {KitError} `unsafe` if a link, a device or a pipe is in its place, or the file keeps being replaced
 */
export async function openNoFollow(path: string, options: Deno.OpenOptions): Promise<Deno.FsFile> {
  for (let attempt = 1;; attempt++) {
    try {
      if (options.create || options.createNew) return await Deno.open(path, asNew(options));
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists) || options.createNew) throw error;
    }
    try {
      const info = await Deno.lstat(path);
      assertPlainFile(path, info);
      const file = await Deno.open(path, asExisting(options));
      if (isSameFile(info, file.statSync())) return await truncateIfRequested(file, options);
      file.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound) || !options.create) throw error;
    }
    if (attempt >= MAX_TRIES) throw replacedError(path);
  }
}

/**
 * Synchronous {@linkcode openNoFollow}.
 *
 * @param path The file; its folder must exist
 * @param options Those of `Deno.openSync`; `truncate` applies only after the check
 * @throws {KitError} `unsafe` if a link, a device or a pipe is in its place, or the file keeps being replaced
 */
export function openNoFollowSync(path: string, options: Deno.OpenOptions): Deno.FsFile {
  for (let attempt = 1;; attempt++) {
    try {
      if (options.create || options.createNew) return Deno.openSync(path, asNew(options));
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists) || options.createNew) throw error;
    }
    try {
      const info = Deno.lstatSync(path);
      assertPlainFile(path, info);
      const file = Deno.openSync(path, asExisting(options));
      if (isSameFile(info, file.statSync())) return truncateIfRequestedSync(file, options);
      file.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound) || !options.create) throw error;
    }
    if (attempt >= MAX_TRIES) throw replacedError(path);
  }
}

/**
 * `Deno.readTextFile` for the program's own files. Opening a pipe would wait for a writer, and no signal ends that wait.
 *
 * @throws {KitError} `unsafe` if a link, a device or a pipe is in its place
 */
export async function readTextNoFollow(path: string): Promise<string> {
  assertPlainFile(path, await Deno.lstat(path));
  return await Deno.readTextFile(path);
}

/**
 * Synchronous {@linkcode readTextNoFollow}.
 *
 * @throws {KitError} `unsafe` if a link, a device or a pipe is in its place
 */
export function readTextNoFollowSync(path: string): string {
  assertPlainFile(path, Deno.lstatSync(path));
  return Deno.readTextFileSync(path);
}

/**
 * Reject a link, a device or a pipe in the place of one of the program's own files. A folder is accepted, because
 * opening it fails with a clear error of the operating system anyway.
 *
 * @param info Result of `lstat` for the file; that of `stat` if the user may put a link there
 * @throws {KitError} `unsafe` if it is a link, a device or a pipe
 */
export function assertPlainFile(path: string, info: Deno.FileInfo): void {
  if (info.isFile || info.isDirectory) return;
  const [what, why] = info.isSymlink
    ? ["a link", "the program does not write its own files through links"]
    : ["a device or a pipe", "reading it may never end"];
  throw new KitError("unsafe", `Cannot use "${path}": ${what} is in its place`, {
    hint: `Check what it is (ls -ld "${path}") and remove it: ${why}`,
  });
}

/** Exclusive creation follows no link and never truncates. */
function asNew(options: Deno.OpenOptions): Deno.OpenOptions {
  return { ...options, create: false, createNew: true, truncate: false };
}

function asExisting(options: Deno.OpenOptions): Deno.OpenOptions {
  return { ...options, create: false, createNew: false, truncate: false };
}

/**
 * Check whether the file at a path is the one that was opened. On a system without inode numbers, this is always true:
 * only privileged users can create links there.
 *
 * @param found Result of `lstat` for the path
 * @param opened Result of `stat` for the open file
 * @returns Whether device and inode are the same, or at least one inode is unknown
 */
export function isSameFile(found: Deno.FileInfo, opened: Deno.FileInfo): boolean {
  return found.ino === null || opened.ino === null || (found.ino === opened.ino && found.dev === opened.dev);
}

async function truncateIfRequested(file: Deno.FsFile, options: Deno.OpenOptions): Promise<Deno.FsFile> {
  try {
    if (options.truncate) await file.truncate(0);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

function truncateIfRequestedSync(file: Deno.FsFile, options: Deno.OpenOptions): Deno.FsFile {
  try {
    if (options.truncate) file.truncateSync(0);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

function replacedError(path: string): KitError {
  return new KitError("unsafe", `Cannot use "${path}": it keeps being replaced by another file`, {
    hint: "Find the program that writes there, stop it, and run again",
  });
}
