import { join } from "node:path";
import { acquireLock, type Clock } from "../../base/mod.ts";
import type { Repository } from "../open_repository.ts";

/**
 * Maximum wait for the lock, in milliseconds. Checking out a large repository takes a while; after ten minutes,
 * something is wrong.
 */
const WAIT_MS = 600_000;

/** Options of {@linkcode holdWorktreeList}. */
export interface HoldWorktreeListOptions {
  /** The command of this process, shown to others. */
  readonly command: string;
  /** Stops waiting. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Time source; tests pass a fake clock.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * Lock a repository's list of working trees against other runs. Git reads the whole list whenever it adds to it, and
 * fails with "failed to read .git/worktrees/…/commondir" while another git is writing an entry. The lock is in the
 * repository, so that it excludes runs with another temporary folder, and goes with the repository.
 */
export async function holdWorktreeList(repository: Repository, options: HoldWorktreeListOptions): Promise<Disposable> {
  const { command, signal, clock } = options;
  const folder = join(repository.commonFolder, "civitai-dl");
  await Deno.mkdir(folder, { recursive: true });
  return await acquireLock(join(folder, "worktrees.lock"), {
    command,
    waitMs: WAIT_MS,
    signal,
    hint: "Wait for it to end, or stop it",
    ...clock === undefined ? {} : { clock },
  });
}
