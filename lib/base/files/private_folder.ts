import { nodeModule } from "../_node_module.ts";
import { isTrustedLink } from "./is_trusted_link.ts";
import { isDenoError } from "../is_deno_error.ts";
import { lstatSyncOrNull } from "./stat_or_null.ts";
import { KitError } from "../kit_error.ts";
import { shell } from "../quote_word.ts";

/** Mode of state, catalog and log files: only their owner can read and write them. */
export const PRIVATE_FILE_MODE = 0o600;
/** Mode of a folder that holds private files. */
const PRIVATE_FOLDER_MODE = 0o700;

/** Options of {@linkcode ensurePrivateFolder}. */
export interface EnsurePrivateFolderOptions {
  /**
   * Name of a file that marks an existing folder as the program's own; a folder without this file keeps its
   * permissions. Needed for folders with a common name, such as `logs`. If absent, every folder is treated as the
   * program's own.
   *
   * @default {undefined}
   */
  readonly marker?: string | undefined;
}

/**
 * Create a folder that other users can neither read nor write. If it already exists, for example because an older
 * version created it, remove the permissions of other users. A new parent folder gets the default permissions (umask),
 * unless it is hidden, such as `.civitai-dl`, which holds nothing else. A link is followed only if
 * {@linkcode isTrustedLink} allows it.
 *
 * @throws {KitError} `unsafe` if it is a link that another user made; `usage` if a file has that name
 */
export function ensurePrivateFolder(path: string, options: EnsurePrivateFolderOptions = {}): void {
  const { marker } = options;
  if (infoOf(path) === null) return makeFolder(path);
  assertTrustedFolder(path);
  if (!Deno.statSync(path).isDirectory) {
    throw new KitError("usage", `Cannot use "${path}" as a folder: it is a file`, {
      hint: shell`Move it away: mv -i ${path} ${path}.old`,
    });
  }
  const { join } = nodeModule("node:path");
  const isOurs = marker === undefined || infoOf(join(path, marker)) !== null;
  if (isOurs) restrictPermissions(path, PRIVATE_FOLDER_MODE);
}

/** Create the folder, and its parents only if needed: the process may be permitted to write to this folder alone. */
function makeFolder(path: string): void {
  try {
    Deno.mkdirSync(path, { mode: PRIVATE_FOLDER_MODE });
  } catch (error) {
    // Another process created it first.
    if (error instanceof Deno.errors.AlreadyExists) return assertTrustedFolder(path);
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const { basename, dirname } = nodeModule("node:path");
    const parent = dirname(path);
    if (basename(parent).startsWith(".")) makeFolder(parent);
    else Deno.mkdirSync(parent, { recursive: true });
    makeFolder(path);
  }
}

/**
 * Reject a link that another user put in the place of one of the program's folders.
 *
 * @param path The folder; it need not exist
 * @throws {KitError} `unsafe` if another user made the link
 */
export function assertTrustedFolder(path: string): void {
  const info = infoOf(path);
  if (info === null || !info.isSymlink) return;
  const { dirname } = nodeModule("node:path");
  if (isTrustedLink(info, Deno.statSync(dirname(path)).uid)) return;
  throw new KitError("unsafe", `Cannot use folder "${path}": it is a link that another user made`, {
    hint: `Check where it leads (ls -ld "${path}"), and remove it or take ownership: chown -h "$USER" "${path}"`,
  });
}

/**
 * Remove all permissions of a file or folder that a mode does not include. A file of another user remains unchanged,
 * unless this user is allowed to change it.
 *
 * @param path The file or folder; nothing happens if it is missing or a link
 * @param mode The permissions to keep, such as 0o600
 */
export function restrictPermissions(path: string, mode: number): void {
  if (Deno.build.os === "windows") return;
  const info = infoOf(path);
  if (info === null || !(info.isFile || info.isDirectory) || ((info.mode ?? 0) & 0o777 & ~mode) === 0) return;
  try {
    // If a link replaces the file at this moment, the worst result is fewer permissions on another file of the same
    // user.
    Deno.chmodSync(path, info.mode! & 0o777 & mode);
  } catch (error) {
    // The file belongs to another user, or the file system does not support permissions.
    if (!(error instanceof Error) || error instanceof Deno.errors.NotCapable) throw error;
  }
}

/** What is at the path; `null` also if that may not be known: opening the path later reports the reason. */
function infoOf(path: string): Deno.FileInfo | null {
  try {
    return lstatSyncOrNull(path);
  } catch (error) {
    if (isDenoError(error, "PermissionDenied", "NotCapable")) return null;
    throw error;
  }
}
