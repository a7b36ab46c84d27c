import { isAbsolute, join, relative as relativeTo, sep } from "node:path";
import { KitError } from "../base/mod.ts";

/** Options of {@linkcode resolveInside}. */
export interface ResolveInsideOptions {
  /** Folders that were found to be good; those that are found here are added. */
  readonly knownFolders?: Set<string> | undefined;
}

/**
 * Turn a path of the catalog into one to write to, and refuse it if it could lead out of the library. A folder that the
 * user made a link to another disk is followed; a link in the place of the file itself is not, unless it stays inside.
 *
 * @param root The library
 * @param relative Path below it
 * @param options What was looked at before
 * @returns The path to open; nothing needs to exist there
 * @throws {KitError} `unsafe` if the path is absolute or climbs, or a link leads out or nowhere
 */
export async function resolveInside(
  root: string,
  relative: string,
  options: ResolveInsideOptions = {},
): Promise<string> {
  const { knownFolders } = options;
  const segments = relative.split(/[/\\]/);
  const climbs = segments.some((segment) => segment === ".." || segment === "" || segment === ".");
  if (climbs || isAbsolute(relative) || /^[a-z]:|\0/i.test(relative)) {
    throw refusal(relative, "it leads out of the library");
  }
  let path = root;
  for (const [index, segment] of segments.entries()) {
    path = join(path, segment);
    if (knownFolders?.has(path)) continue;
    const info = await lstatOrNull(path);
    if (info === null) break;
    if (info.isSymlink) await checkLink(root, path, relative, index === segments.length - 1);
    if (index < segments.length - 1) knownFolders?.add(path);
  }
  return join(root, ...segments);
}

async function checkLink(root: string, path: string, relative: string, last: boolean): Promise<void> {
  const target = await realPathOrNull(path);
  if (target === null) throw refusal(relative, `the link "${path}" leads nowhere`);
  if (last && !isInside(await Deno.realPath(root), target)) throw refusal(relative, "it is a link out of the library");
}

function isInside(root: string, path: string): boolean {
  const way = relativeTo(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

async function lstatOrNull(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function realPathOrNull(path: string): Promise<string | null> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.FilesystemLoop) return null;
    throw error;
  }
}

function refusal(relative: string, reason: string): KitError {
  return new KitError("unsafe", `Cannot write "${relative}": ${reason}`, {
    hint: "Remove the link, or check the path template",
  });
}
