import { isAbsolute, join, relative as relativeTo, sep } from "node:path";
import { isTrustedLink, KitError, lstatSyncOrNull } from "../base/mod.ts";

/** A rebuild keeps the rows of a readable catalog, so the tampered catalog has to be moved away first. */
const FOREIGN_PATH_HINT =
  "Somebody changed the catalog: move .civitai-dl/catalog.db away, then run civitai-dl verify --rebuild";

/** Options of {@linkcode resolveInside}. */
export interface ResolveInsideOptions {
  /**
   * What the path is for. With `read`, a link in place of the file is followed like a link in place of a folder. With
   * `enter`, the path is that of a folder, to be known if it exists.
   *
   * @default {"write"}
   */
  readonly access?: "read" | "write" | "enter" | undefined;
  /**
   * Paths of folders that earlier calls have checked; they are not checked again. This call adds the ones that it
   * checks.
   */
  readonly knownFolders?: Set<string> | undefined;
}

/**
 * Whether a catalog path stays in the library, judging only by its text. A catalog that someone else has modified can
 * contain any path.
 *
 * @param relative Path below the library
 * @returns False for an absolute path, a drive letter, a NUL, and a path with `..`, `.` or empty parts
 */
export function isInnerPath(relative: string): boolean {
  const climbs = relative.split(/[/\\]/).some((segment) => segment === ".." || segment === "" || segment === ".");
  return !climbs && !isAbsolute(relative) && !/^[a-z]:|\0/i.test(relative);
}

/**
 * Convert a catalog path to one that can be opened, and refuse it if it could lead out of the library. Follows a folder
 * that is a link to another disk, unless another user made the link. With `write`, follows a link in place of the file
 * itself only if it stays in the library.
 *
 * @param root The library
 * @param relative Path below it
 * @param options Access, and folders that were checked before
 * @returns The path to open; nothing needs to exist there
 * @throws {KitError} `unsafe` if the path is absolute or contains `..`, or if a link belongs to another user, leads out
 * of the library or leads nowhere
 */
export async function resolveInside(
  root: string,
  relative: string,
  options: ResolveInsideOptions = {},
): Promise<string> {
  const { access = "write", knownFolders } = options;
  if (!isInnerPath(relative)) {
    throw refusal(relative, "it leads out of the library", FOREIGN_PATH_HINT);
  }
  const segments = relative.split(/[/\\]/);
  const paths = pathsOf(root, segments);
  // What is in a known folder needs no look at those around it.
  const known = knownFolders === undefined ? -1 : paths.findLastIndex((path) => knownFolders.has(path));
  for (let index = known + 1; index < paths.length; index++) {
    const path = paths[index]!;
    const info = lstatSyncOrNull(path);
    if (info === null) break;
    const isLast = index === paths.length - 1;
    if (info.isSymlink) {
      await (isLast && access === "write" ? checkFileLink : checkLink)(root, { path, info, relative });
    }
    if (!isLast || access === "enter") knownFolders?.add(path);
  }
  return paths.at(-1)!;
}

/** The paths of the folders on the way to a file, and of the file. */
function pathsOf(root: string, segments: readonly string[]): readonly string[] {
  let path = root;
  // The segments are plain names, so that only the first may need more than a separator.
  return segments.map((segment, index) => path = index === 0 ? join(root, segment) : path + sep + segment);
}

interface FoundLink {
  readonly path: string;
  readonly info: Deno.FileInfo;
  readonly relative: string;
}

async function checkLink(root: string, { path, info, relative }: FoundLink): Promise<void> {
  if (await realPathOrNull(path) === null) {
    throw refusal(relative, `the link "${path}" leads nowhere`, "Remove it, or mount the disk that it points to");
  }
  if (isTrustedLink(info, (await Deno.stat(root)).uid)) return;
  const hint = `Check where it leads (ls -ld "${path}"), and remove it or make it your own: chown -h "$USER" "${path}"`;
  throw refusal(relative, `the link "${path}" was made by another user`, hint);
}

async function checkFileLink(root: string, { path, relative }: FoundLink): Promise<void> {
  const hint = `Check where it leads (ls -ld "${path}") and remove it, or change the path template`;
  const target = await realPathOrNull(path);
  if (target === null) throw refusal(relative, `the link "${path}" leads nowhere`, hint);
  if (!isInside(await Deno.realPath(root), target)) {
    throw refusal(relative, "it is a link that leads out of the library", hint);
  }
}

/** Whether an absolute path is the root or below it. */
export function isInside(root: string, path: string): boolean {
  const way = relativeTo(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

async function realPathOrNull(path: string): Promise<string | null> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.FilesystemLoop) return null;
    throw error;
  }
}

function refusal(relative: string, reason: string, hint: string): KitError {
  return new KitError("unsafe", `Cannot use "${relative}": ${reason}`, { hint });
}
