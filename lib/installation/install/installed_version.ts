import { join } from "node:path";

/** Form of an installed program: one JavaScript file with a launcher, or one executable. */
export type InstallForm = "bundle" | "executable";

/** What is recorded of an installed version when it is built. */
export interface InstalledVersion {
  /** Name of its folder: the version, such as `1.1.0`, with `+emergency.1a2b3c4d` if it was patched. */
  readonly name: string;
  /** The tag that it was built from, such as `v1.1.0`. */
  readonly tag: string;
  /** Full hash of the tag's commit. */
  readonly sha: string;
  /** Form of the program. */
  readonly form: InstallForm;
  /** SHA-256 of the bundle or the executable, in lower case. */
  readonly sha256: string;
  /** SHA-256 of the emergency patch that was applied before it was built; `null` if there was none. */
  readonly patchSha256: string | null;
  /** Version of the catalogs that it reads and writes; `null` if its sources do not say. */
  readonly catalogVersion: number | null;
  /** When it was built, ISO 8601 UTC. */
  readonly builtAt: string;
}

/** Name of what is started in the folder of a version: a launcher, or the executable. */
export const PROGRAM_NAME = Deno.build.os === "windows" ? "civitai-dl.cmd" : "civitai-dl";
/** Name of the executable in the folder of a version. On Windows, it needs its ending, so a launcher starts it. */
export const EXECUTABLE_NAME = Deno.build.os === "windows" ? "civitai-dl.exe" : PROGRAM_NAME;
/** Name of the bundle in the folder of a version. */
export const BUNDLE_NAME = "civitai-dl.js";
/** Name of the record in the folder of a version. */
const RECORD_NAME = "install.json";

/** Path of the folder of a version. */
export function versionFolder(folder: string, name: string): string {
  return join(folder, "versions", name);
}

/** Path of the program of an installed version: the launcher of a bundle, or the executable. */
export function programOf(folder: string, name: string): string {
  return join(versionFolder(folder, name), PROGRAM_NAME);
}

/** Path of the file whose SHA-256 is in the record: the bundle or the executable. */
export function recordedFileOf(folder: string, { name, form }: Pick<InstalledVersion, "name" | "form">): string {
  return join(versionFolder(folder, name), form === "bundle" ? BUNDLE_NAME : EXECUTABLE_NAME);
}

/** Path of the program that always leads to the version in use; people add its folder to PATH. */
export function binOf(folder: string): string {
  return join(folder, "bin", PROGRAM_NAME);
}

/** Path of the record of a version. */
export function recordPathOf(versionPath: string): string {
  return join(versionPath, RECORD_NAME);
}

/** Serialize the record of a version. */
export function formatRecord(installed: InstalledVersion): string {
  return `${JSON.stringify({ version: 1, ...installed }, null, 2)}\n`;
}

/**
 * Parse the record of a version.
 *
 * @param text Content of the record
 * @returns The record; `null` if it is damaged or of a newer form
 */
export function parseRecord(text: string): InstalledVersion | null {
  try {
    const { version, ...record } = JSON.parse(text);
    const { name, tag, sha, form, sha256, patchSha256, catalogVersion, builtAt } = record;
    const isSound = version === 1 && [name, tag, sha, sha256, builtAt].every((field) => typeof field === "string") &&
      (form === "bundle" || form === "executable") && (patchSha256 === null || typeof patchSha256 === "string") &&
      (catalogVersion === null || Number.isSafeInteger(catalogVersion));
    if (!isSound) return null;
    return { name, tag, sha, form, sha256, patchSha256, catalogVersion, builtAt };
  } catch {
    // It is not JSON, or not an object: the version counts as not installed.
    return null;
  }
}
