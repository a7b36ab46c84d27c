import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** Where this user's throw-away trees are: the same folder in every run, so that one run finds what another left. */
export function worktreeRegistry(): string {
  return join(tmpdir(), `civitai-dl-worktrees-${userInfo().username.replaceAll(/[^\w-]/g, "_")}`);
}
