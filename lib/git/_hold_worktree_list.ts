import { createHash } from "node:crypto";
import { join } from "node:path";
import { acquireLock, type Clock } from "../base/mod.ts";
import type { Repository } from "./open_repository.ts";

/** Checking out a large repository takes a while; longer, and something is wrong with it. */
const WAIT_MS = 600_000;

/** Where the list is held, and for how long it is waited for. */
export interface HoldWorktreeListOptions {
  /** As in {@linkcode addWorktree}; it must exist. */
  readonly registry: string;
  /** Stops the waiting. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * Keep other runs from changing a repository's list of working trees. Git reads all of the list whenever it adds to it,
 * and ends with "failed to read .git/worktrees/…/commondir" where another git is writing an entry.
 */
export async function holdWorktreeList(repository: Repository, options: HoldWorktreeListOptions): Promise<Disposable> {
  const { registry, signal, clock } = options;
  const name = createHash("sha256").update(repository.commonFolder).digest("hex").slice(0, 16);
  return await acquireLock(join(registry, `${name}.lock`), {
    command: "benchmark",
    waitMs: WAIT_MS,
    signal,
    hint: "Wait for it to end, or stop it",
    ...clock === undefined ? {} : { clock },
  });
}
