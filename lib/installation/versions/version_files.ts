// @ts-types="@types/semver"
import semver from "semver";
import { KitError } from "../../base/mod.ts";

/** Where `deno.json` says its version. */
const CONFIG_VERSION = /((?:^|[{,])\s*"version"\s*:\s*")([^"\\]*)(")/m;
/** Where the manual page says it: at the end of its first line. */
const MANUAL_VERSION = /^(\.TH .*"\S+ )([^"\s]+)(")/m;

/** Path of the file that holds the version. */
export const CONFIG_PATH = "deno.json";
/** Path of the manual page, which repeats it. */
export const MANUAL_PATH = "docs/civitai-dl.1";

/**
 * Read the version in the text of `deno.json`.
 *
 * @param text Content of the file
 * @returns The version
 * @throws {KitError} `usage` if the file is not JSON, or has no version at its top
 */
export function readConfigVersion(text: string): string {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (cause) {
    throw new KitError("usage", `Cannot read the version in ${CONFIG_PATH}: it is not JSON`, { cause });
  }
  const version = typeof config === "object" && config !== null && "version" in config ? config.version : undefined;
  if (typeof version === "string") return version;
  throw new KitError("usage", `Cannot read the version in ${CONFIG_PATH}: it has none`, {
    hint: 'Add "version" beside "name"',
  });
}

/**
 * Set the version in the text of `deno.json`. Everything else stays, to the byte.
 *
 * @param text Content of the file
 * @param version Without `v`
 * @returns The new content
 * @throws {KitError} `usage` as {@linkcode readConfigVersion}, or if the first `"version"` is not the one at the top
 */
export function setConfigVersion(text: string, version: string): string {
  readConfigVersion(text);
  const changed = text.replace(CONFIG_VERSION, `$1${version}$3`);
  if (readConfigVersion(changed) === version) return changed;
  throw new KitError("usage", `Cannot set the version in ${CONFIG_PATH}: another "version" comes before it`, {
    hint: 'Move "version" to the top of the file',
  });
}

/**
 * Check whether two texts of `deno.json` differ in nothing but the version. A program whose version alone changed does
 * the same work: it only names itself differently, in `--version`, in its reports and to servers. So what was measured
 * of one holds for the other.
 *
 * The comparison is strict: every other byte must be the same, spaces and the order of keys included, both texts must be
 * JSON without comments, and both versions must be versions.
 *
 * @param before One text
 * @param after The other text
 * @returns Whether only the version differs, or nothing; `false` if a text cannot be read
 */
export function differsInVersionOnly(before: string, after: string): boolean {
  try {
    const versions = [before, after].map(readConfigVersion);
    if (versions.some((version) => semver.valid(version) !== version)) return false;
    return setConfigVersion(before, "0.0.0") === setConfigVersion(after, "0.0.0");
  } catch (error) {
    if (error instanceof KitError) return false;
    throw error;
  }
}

/**
 * Set the version in the first line of the manual page.
 *
 * @param text Content of the file
 * @param version Without `v`
 * @returns The new content; unchanged if the page does not name one
 */
export function setManualVersion(text: string, version: string): string {
  return text.replace(MANUAL_VERSION, `$1${version.replaceAll("$", "")}$3`);
}

/**
 * Read the version in the first line of the manual page.
 *
 * @param text Content of the file
 * @returns The version, or `null` if it names none
 */
export function readManualVersion(text: string): string | null {
  return MANUAL_VERSION.exec(text)?.[2] ?? null;
}
