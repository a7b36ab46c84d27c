import { dirname, join } from "node:path";
import { isTrustedLink } from "./is_trusted_link.ts";
import { KitError } from "../kit_error.ts";

/** Mode of state, catalog and logs: only their owner can read and write them. */
export const PRIVATE_FILE_MODE = 0o600;
/** Mode of a folder that holds such files. */
const PRIVATE_FOLDER_MODE = 0o700;

/** Options of {@linkcode ensurePrivateFolder}. */
export interface EnsurePrivateFolderOptions {
  /**
   * Name of a file that marks an existing folder as the program's own; a folder without it keeps its permissions. For
   * folders with a common name, such as `logs`.
   *
   * @default {undefined: the folder is the program's own}
   */
  readonly marker?: string | undefined;
}

/**
 * Create a folder that other users can neither read nor write, or remove their permissions from one that an older version
 * created. Parent folders get the permissions of the umask. A link is followed only if {@linkcode isTrustedLink} allows it.
 *
 * @param path The folder
 * @param options How to recognise an existing folder
 * @throws {KitError} `unsafe` if it is a link that another user made
 * @throws {Deno.errors.AlreadyExists} If a file has that name
 */
export function ensurePrivateFolder(path: string, options: EnsurePrivateFolderOptions = {}): void {
  const { marker } = options;
  if (lstatOrNull(path) === null) return make(path);
  assertTrustedFolder(path);
  if (!Deno.statSync(path).isDirectory) throw new Deno.errors.AlreadyExists(`a file stands in the place of "${path}"`);
  const isOurs = marker === undefined || lstatOrNull(join(path, marker)) !== null;
  if (isOurs) tighten(path, PRIVATE_FOLDER_MODE);
}

/** Create parents only if needed: the process may be permitted to write to this folder alone. */
function make(path: string): void {
  try {
    Deno.mkdirSync(path, { mode: PRIVATE_FOLDER_MODE });
  } catch (error) {
    // Another process created it first.
    if (error instanceof Deno.errors.AlreadyExists) return assertTrustedFolder(path);
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    Deno.mkdirSync(dirname(path), { recursive: true });
    make(path);
  }
}

/**
 * Refuse a link that another user put in the place of one of the program's folders.
 *
 * @param path The folder; it need not exist
 * @throws {KitError} `unsafe` if another user made the link
 */
export function assertTrustedFolder(path: string): void {
  const info = lstatOrNull(path);
  if (info === null || !info.isSymlink || isTrustedLink(info, Deno.statSync(dirname(path)).uid)) return;
  throw new KitError("unsafe", `Cannot use folder "${path}": it is a link that another user made`, {
    hint: `Check where it leads (ls -ld "${path}"), and remove it or make it your own: chown -h "$USER" "${path}"`,
  });
}

/**
 * Remove the permissions of a file or folder that a mode does not include. Files of other users stay as they are.
 *
 * @param path The file or folder; a missing one is no error, and links are left alone
 * @param mode The permissions that may stay
 */
export function tighten(path: string, mode: number): void {
  if (Deno.build.os === "windows") return;
  const seen = lstatOrNull(path);
  if (seen === null || !(seen.isFile || seen.isDirectory) || ((seen.mode ?? 0) & 0o777 & ~mode) === 0) return;
  try {
    // If a link replaces it right now, this can at worst remove permissions of another file of the same user.
    Deno.chmodSync(path, seen.mode! & 0o777 & mode);
  } catch (error) {
    // It belongs to another user, or the file system has no permissions.
    if (!(error instanceof Error) || error instanceof Deno.errors.NotCapable) throw error;
  }
}

/** `null` if it is missing or cannot be read: opening it later gives the error. */
const NOTHING = [
  Deno.errors.NotFound,
  Deno.errors.NotADirectory,
  Deno.errors.PermissionDenied,
  Deno.errors.NotCapable,
];

function lstatOrNull(path: string): Deno.FileInfo | null {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (NOTHING.some((type) => error instanceof type)) return null;
    throw error;
  }
}
