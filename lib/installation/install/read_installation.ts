import { listIfExists } from "../../base/mod.ts";
import { join } from "node:path";
import { compareReleaseVersions, tryParseReleaseVersion } from "../versions/release_version.ts";
import { type InstalledVersion, parseRecord, programOf, recordPathOf, versionFolder } from "./installed_version.ts";
import { requireInstallFolder } from "./install_folder.ts";
import { readPointer } from "./_pointer.ts";

/** The installed versions of the program. */
export interface InstalledVersions {
  /** Absolute path of the folder that holds them. */
  readonly folder: string;
  /** Name of the version in use; `null` if none is. */
  readonly current: string | null;
  /** Name of the version that was in use before; `null` if there was none. */
  readonly previous: string | null;
  /** All complete versions, the newest version number first. */
  readonly versions: readonly InstalledVersion[];
}

/**
 * Read which versions are installed. Folders without a complete record, such as those of an installation that was
 * killed, are ignored. Nothing is changed.
 *
 * @param folder The folder of installed versions; it need not exist
 * @returns The installation
 * @throws {KitError} `usage` if the folder is a file
 */
export async function readInstallation(folder: string): Promise<InstalledVersions> {
  await requireInstallFolder(folder);
  const versions: InstalledVersion[] = [];
  for (const name of await listFolders(join(folder, "versions"))) {
    const record = await readRecord(folder, name);
    if (record !== null) versions.push(record);
  }
  versions.sort(byVersion);
  const isThere = (name: string | null) => name !== null && versions.some((one) => one.name === name) ? name : null;
  return {
    folder,
    current: isThere(await readPointer(folder, "current")),
    previous: isThere(await readPointer(folder, "previous")),
    versions,
  };
}

/** Find an installed version by its name, its version number or its tag. An unpatched version takes precedence. */
export function findInstalled(installation: InstalledVersions, word: string): InstalledVersion | null {
  const { versions } = installation;
  return versions.find(({ name }) => name === word) ??
    versions.find(({ tag, patchSha256 }) => [tag, tag.slice(1)].includes(word) && patchSha256 === null) ??
    versions.find(({ tag }) => [tag, tag.slice(1)].includes(word)) ?? null;
}

async function readRecord(folder: string, name: string): Promise<InstalledVersion | null> {
  try {
    const record = parseRecord(await Deno.readTextFile(recordPathOf(versionFolder(folder, name))));
    if (record === null || record.name !== name) return null;
    return (await Deno.stat(programOf(folder, name))).isFile ? record : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return null;
    throw error;
  }
}

async function listFolders(path: string): Promise<readonly string[]> {
  return (await listIfExists(path)).filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
}

function byVersion(a: InstalledVersion, b: InstalledVersion): number {
  const [left, right] = [a, b].map(({ tag }) => tryParseReleaseVersion(tag));
  if (left === null || right === null || left === undefined || right === undefined) return a.name < b.name ? -1 : 1;
  return compareReleaseVersions(right, left) || (a.name < b.name ? -1 : 1);
}
