import { stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Repository } from "../open_repository.ts";
import { runGit } from "../run_git.ts";

/** What a remote forbids: the name of its setting; `null` if it does not. */
export interface RemoteRules {
  /** Branches and tags may not be deleted. */
  readonly deletion: string | null;
  /** Branches may not go to a commit that does not have the earlier one. */
  readonly rewriting: string | null;
}

/**
 * Read what a remote forbids. That can be known only of a folder, such as a bare repository on a shared disk; no server
 * tells.
 *
 * @param repository The repository
 * @param remote Name of the remote
 * @returns The rules; `null` if they cannot be read
 */
export async function readRemoteRules(repository: Repository, remote: string): Promise<RemoteRules | null> {
  const { code, stdout } = await runGit(["remote", "get-url", "--push", remote], { cwd: repository.root });
  const folder = code === 0 ? folderOf(stdout.trim(), repository.root) : null;
  if (folder === null || !await isFolder(folder)) return null;
  const deletion = await readSetting(folder, "receive.denyDeletes");
  const rewriting = await readSetting(folder, "receive.denyNonFastForwards");
  return deletion === undefined || rewriting === undefined ? null : { deletion, rewriting };
}

function folderOf(address: string, root: string): string | null {
  if (address.startsWith("file://")) return fileURLToPath(address);
  // Git takes what has a colon before the first slash for an address of another machine.
  return isAbsolute(address) || !/^[^/\\]*:/.test(address) ? resolve(root, address) : null;
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then((info) => info.isDirectory(), () => false);
}

/** Return the name of a setting that is on, `null` if it is off, and `undefined` if git does not say. */
async function readSetting(cwd: string, name: string): Promise<string | null | undefined> {
  const { code, stdout } = await runGit(["config", "--type=bool", "--get", name], { cwd });
  if (code > 1) return undefined;
  return stdout.trim() === "true" ? name : null;
}
