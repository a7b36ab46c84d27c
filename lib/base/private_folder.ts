import { dirname, join } from "node:path";
import { isTrustedLink } from "./is_trusted_link.ts";
import { KitError } from "./kit_error.ts";

/** Mode of a file that only its user has to do with: state, catalog, logs. */
export const PRIVATE_FILE_MODE = 0o600;
/** Mode of a folder of such files. */
export const PRIVATE_FOLDER_MODE = 0o700;

/** Options of {@linkcode ensurePrivateFolder}. */
export interface EnsurePrivateFolderOptions {
  /**
   * A file by which an existing folder is known to be ours; a folder without it is used as it is. For folders of a common
   * name, such as `logs`.
   *
   * @default {undefined: it is ours}
   */
  readonly marker?: string | undefined;
}

/**
 * Make a folder that other users can neither read nor write, or close one of an older version that they can. The folders
 * above it are made as the umask says. A link in its place is followed only if {@linkcode isTrustedLink} allows it.
 *
 * @param path The folder
 * @param options How an existing one is known
 * @throws {KitError} `unsafe` if another user's link stands there
 * @throws {Deno.errors.AlreadyExists} If a file does
 */
export function ensurePrivateFolder(path: string, options: EnsurePrivateFolderOptions = {}): void {
  const { marker } = options;
  if (lstatOrNull(path) === null) return make(path);
  assertTrustedFolder(path);
  if (!Deno.statSync(path).isDirectory) throw new Deno.errors.AlreadyExists(`a file stands in the place of "${path}"`);
  const isOurs = marker === undefined || lstatOrNull(join(path, marker)) !== null;
  if (isOurs) tighten(path, PRIVATE_FOLDER_MODE);
}

/** Who may write to the folder alone need not be able to make those above it. */
function make(path: string): void {
  try {
    Deno.mkdirSync(path, { mode: PRIVATE_FOLDER_MODE });
  } catch (error) {
    // Another process was quicker.
    if (error instanceof Deno.errors.AlreadyExists) return assertTrustedFolder(path);
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    Deno.mkdirSync(dirname(path), { recursive: true });
    make(path);
  }
}

/**
 * Refuse a link that another user put in the place of a folder of ours.
 *
 * @param path The folder; nothing needs to be there
 * @throws {KitError} `unsafe` if it is such a link
 */
export function assertTrustedFolder(path: string): void {
  const info = lstatOrNull(path);
  if (info === null || !info.isSymlink || isTrustedLink(info, Deno.statSync(dirname(path)).uid)) return;
  throw new KitError("unsafe", `Cannot use folder "${path}": it is a link that another user made`, {
    hint: `See where it leads (ls -ld "${path}"), and remove it or make it your own: chown -h "$USER" "${path}"`,
  });
}

/**
 * Take from a file or folder the permissions that a mode does not have; what is not ours to change stays as it is.
 *
 * @param path Which; one that is not there is no error, and a link is left alone
 * @param mode The most that may be allowed
 */
export function tighten(path: string, mode: number): void {
  if (Deno.build.os === "windows") return;
  const seen = lstatOrNull(path);
  if (seen === null || !(seen.isFile || seen.isDirectory) || ((seen.mode ?? 0) & 0o777 & ~mode) === 0) return;
  try {
    // A link that takes its place at this very moment could at worst close another file of this user's.
    Deno.chmodSync(path, seen.mode! & 0o777 & mode);
  } catch (error) {
    // Somebody else's, or a file system without permissions.
    if (!(error instanceof Error) || error instanceof Deno.errors.NotCapable) throw error;
  }
}

/** What it means that nothing is there, or that nothing can be seen there: then whoever opens it says why. */
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
