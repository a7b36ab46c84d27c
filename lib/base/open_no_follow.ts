import { KitError } from "./kit_error.ts";

/** The file changes its place under us this often at most, as where another process rotates a log. */
const MAX_TRIES = 1000;

/**
 * `Deno.open` for a file of ours that stands in a folder others may write to: a link in its place is never followed, and
 * anything else that is no file is not opened. A new file is created exclusively; an existing one is opened and must be
 * what was looked at before, so that nobody can put a link there between the two.
 *
 * @param path The file; its folder must exist
 * @param options Those of `Deno.open`; `truncate` cuts only what has been found to be the file
 * @returns The open file
 * @throws {KitError} `unsafe` if a link, a device or a pipe stands there
 *
 * @example
 * ```ts
 * import { openNoFollow } from "./mod.ts";
 * const folder = await Deno.makeTempDir();
 * await Deno.symlink("/etc/hosts", `${folder}/lock`);
 * const refused = await openNoFollow(`${folder}/lock`, { write: true, create: true }).catch((error) => error.code);
 * console.assert(refused === "unsafe");
 * ```
 */
export async function openNoFollow(path: string, options: Deno.OpenOptions): Promise<Deno.FsFile> {
  for (let attempt = 1;; attempt++) {
    try {
      if (options.create || options.createNew) return await Deno.open(path, asNew(options));
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists) || options.createNew) throw error;
    }
    try {
      const seen = await Deno.lstat(path);
      assertPlainFile(path, seen);
      const file = await Deno.open(path, asExisting(options));
      if (isSame(seen, file.statSync())) return await emptied(file, options);
      file.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound) || !options.create) throw error;
    }
    if (attempt >= MAX_TRIES) throw restless(path);
  }
}

/**
 * {@linkcode openNoFollow} without another thread.
 *
 * @param path The file; its folder must exist
 * @param options Those of `Deno.openSync`
 * @returns The open file
 * @throws {KitError} `unsafe` if a link, a device or a pipe stands there
 */
export function openNoFollowSync(path: string, options: Deno.OpenOptions): Deno.FsFile {
  for (let attempt = 1;; attempt++) {
    try {
      if (options.create || options.createNew) return Deno.openSync(path, asNew(options));
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists) || options.createNew) throw error;
    }
    try {
      const seen = Deno.lstatSync(path);
      assertPlainFile(path, seen);
      const file = Deno.openSync(path, asExisting(options));
      if (isSame(seen, file.statSync())) {
        if (options.truncate) file.truncateSync(0);
        return file;
      }
      file.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound) || !options.create) throw error;
    }
    if (attempt >= MAX_TRIES) throw restless(path);
  }
}

/**
 * Refuse a link, a device or a pipe where a file of ours is to be; of a folder the system itself says what it is.
 *
 * @param path The file, for the message
 * @param info What `lstat` says of it
 * @throws {KitError} `unsafe` if it is none
 */
export function assertPlainFile(path: string, info: Deno.FileInfo): void {
  if (info.isFile || info.isDirectory) return;
  const what = info.isSymlink ? "a link" : "a device or a pipe";
  throw new KitError("unsafe", `Cannot use "${path}": ${what} stands in its place and must go`, {
    hint: `See what it is (ls -ld "${path}") and remove it: the program writes its own files through no link`,
  });
}

/** An exclusive creation follows nothing, and has nothing to cut. */
function asNew(options: Deno.OpenOptions): Deno.OpenOptions {
  return { ...options, create: false, createNew: true, truncate: false };
}

function asExisting(options: Deno.OpenOptions): Deno.OpenOptions {
  return { ...options, create: false, createNew: false, truncate: false };
}

/** A system without numbers for files has no links that just anybody may make. */
function isSame(seen: Deno.FileInfo, opened: Deno.FileInfo): boolean {
  return seen.ino === null || opened.ino === null || (seen.ino === opened.ino && seen.dev === opened.dev);
}

async function emptied(file: Deno.FsFile, options: Deno.OpenOptions): Promise<Deno.FsFile> {
  try {
    if (options.truncate) await file.truncate(0);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

function restless(path: string): KitError {
  return new KitError("unsafe", `Cannot use "${path}": another file takes its place again and again`, {
    hint: "See which program writes there, and run again",
  });
}
