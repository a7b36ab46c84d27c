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
