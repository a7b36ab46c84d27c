import { join } from "node:path";
import type { Env } from "../../../lib/base/mod.ts";

/**
 * Return the folder of the user's configuration files: `$XDG_CONFIG_HOME`, otherwise `%APPDATA%` on Windows and
 * `~/.config` elsewhere. On macOS it is not `~/Library/Application Support`, because people edit the file in a terminal
 * and share it between systems, like those of git and other tools.
 *
 * @param env The environment
 * @param os The operating system, a seam for tests
 * @returns The folder; `undefined` if the environment does not tell
 */
export function configFolder(env: Env, os: typeof Deno.build.os = Deno.build.os): string | undefined {
  const chosen = env("XDG_CONFIG_HOME") ?? (os === "windows" ? env("APPDATA") : undefined);
  if (chosen !== undefined) return chosen;
  const home = homeFolder(env, os);
  return home === undefined ? undefined : join(home, ".config");
}

/**
 * Return the user's home folder: `HOME`, on Windows otherwise `USERPROFILE`.
 *
 * @param env The environment
 * @param os The operating system, a seam for tests
 * @returns The folder; `undefined` if the environment does not tell
 */
export function homeFolder(env: Env, os: typeof Deno.build.os = Deno.build.os): string | undefined {
  return env("HOME") ?? (os === "windows" ? env("USERPROFILE") : undefined);
}
