import { isAbsolute, join } from "node:path";
import type { Env } from "../../../lib/base/mod.ts";

/**
 * Return the folder of the user's configuration files: `$XDG_CONFIG_HOME`, otherwise `%APPDATA%` on Windows and
 * `~/.config` elsewhere. On macOS it is not `~/Library/Application Support`, because people edit the file in a terminal
 * and share it between systems, like those of git and other tools.
 *
 * @returns The folder; `undefined` if the environment does not tell
 */
export function configFolder(env: Env, os: typeof Deno.build.os = Deno.build.os): string | undefined {
  const chosen = env("XDG_CONFIG_HOME") ?? (os === "windows" ? env("APPDATA") : undefined);
  if (chosen !== undefined) return chosen;
  const home = homeFolder(env, os);
  return home === undefined ? undefined : join(home, ".config");
}

/**
 * Return the folder of what the program remembers for the user between runs: `$XDG_STATE_HOME`, otherwise
 * `%LOCALAPPDATA%` on Windows and `~/.local/state` elsewhere. A relative path is ignored, as the XDG Base Directory
 * Specification asks.
 *
 * @returns The folder; `undefined` if the environment does not tell
 */
export function userStateFolder(env: Env, os: typeof Deno.build.os = Deno.build.os): string | undefined {
  const chosen = env("XDG_STATE_HOME");
  if (chosen !== undefined && isAbsolute(chosen)) return chosen;
  if (os === "windows") return env("LOCALAPPDATA");
  const home = homeFolder(env, os);
  return home === undefined ? undefined : join(home, ".local", "state");
}

/**
 * Return the user's home folder: `HOME`, on Windows otherwise `USERPROFILE`.
 *
 * @returns The folder; `undefined` if the environment does not tell
 */
export function homeFolder(env: Env, os: typeof Deno.build.os = Deno.build.os): string | undefined {
  return env("HOME") ?? (os === "windows" ? env("USERPROFILE") : undefined);
}
