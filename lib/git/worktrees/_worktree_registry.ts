import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/**
 * Return the folder of this user's temporary working trees. It is the same in each run, so that a run finds what an
 * earlier one left behind.
 */
export function worktreeRegistry(): string {
  return join(tmpdir(), `civitai-dl-worktrees-${userInfo().username.replaceAll(/[^\w-]/g, "_")}`);
}
