import { join } from "node:path";
import { acquireLock, inspectLock } from "../../base/mod.ts";
import { STATE_FOLDER } from "../identity/state_folder.ts";

/** Longest wait for a run to end after it was asked to, in milliseconds. It finishes the writes that it has begun. */
const STOP_MS = 60_000;

/** Options of {@linkcode stopRun}. */
export interface StopRunOptions {
  /** Name of the command that stops the run, for whoever waits for the library meanwhile. */
  readonly command: string;
  /** Stops waiting. */
  readonly signal: AbortSignal;
}

/**
 * Ask the run that holds a library to stop, as Ctrl-C does, and wait for its end. It can be continued.
 *
 * @param root Folder of the library
 * @param options Command and signal
 * @throws {KitError} `unsafe` if it does not end
 */
export async function stopRun(root: string, { command, signal }: StopRunOptions): Promise<void> {
  const path = join(root, STATE_FOLDER, "lock");
  const lock = await inspectLock(path);
  if (lock?.isHeld && lock.holder !== undefined) interrupt(lock.holder.pid);
  (await acquireLock(path, { command, waitMs: STOP_MS, signal }))[Symbol.dispose]();
}

function interrupt(pid: number): void {
  if (pid <= 1) return;
  try {
    Deno.kill(pid, Deno.build.os === "windows" ? "SIGTERM" : "SIGINT");
  } catch (error) {
    // It has just ended.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
