import { isAbsolute, join, resolve } from "node:path";
import { type Env, KitError } from "../../base/mod.ts";

/** Options of {@linkcode installFolder}. */
export interface InstallFolderOptions {
  /** The folder that the user asked for; `undefined` for the usual one. */
  readonly prefix?: string | undefined;
  /** Reads environment variables: `XDG_DATA_HOME` and `HOME`, on Windows `LOCALAPPDATA`. */
  readonly env: Env;
  /**
   * The operating system.
   *
   * @default {Deno.build.os}
   */
  readonly os?: typeof Deno.build.os | undefined;
}

/**
 * Return the folder that holds the installed versions of the program: `$XDG_DATA_HOME/civitai-dl`, which is usually
 * `~/.local/share/civitai-dl`, and `%LOCALAPPDATA%\civitai-dl` on Windows.
 *
 * @param options Prefix, environment, system
 * @returns An absolute path; the folder need not exist
 * @throws {KitError} `usage` if the home folder is unknown
 */
export function installFolder(options: InstallFolderOptions): string {
  const { prefix, env, os = Deno.build.os } = options;
  if (prefix !== undefined) return resolve(prefix);
  const data = env(os === "windows" ? "LOCALAPPDATA" : "XDG_DATA_HOME");
  // The XDG specification says that a relative path has to be ignored.
  if (data !== undefined && isAbsolute(data)) return join(data, "civitai-dl");
  const home = env("HOME");
  if (home !== undefined && home !== "") return join(home, ".local", "share", "civitai-dl");
  throw new KitError("usage", "Cannot find the folder of installed versions: the home folder is unknown", {
    hint: "Name it with --prefix FOLDER, or set HOME",
  });
}

/**
 * Refuse a path that cannot be the folder of installed versions, before anything is read or created there.
 *
 * @param folder The folder, as from {@linkcode installFolder}; it need not exist
 * @throws {KitError} `usage` if it, or what is above it, is a file
 */
export async function requireInstallFolder(folder: string): Promise<void> {
  try {
    if ((await Deno.stat(folder)).isDirectory) return;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    if (!(error instanceof Deno.errors.NotADirectory)) throw error;
  }
  throw new KitError("usage", `Cannot use "${folder}" for installed versions: it, or a part of its path, is a file`, {
    hint: "Name a folder, which need not exist: --prefix FOLDER",
  });
}
