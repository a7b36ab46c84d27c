import { within } from "./within.ts";

/** How a process is ended. */
export interface EndProcessOptions {
  /** Whether the process leads a group, which is then stopped as a whole. */
  readonly isGroup: boolean;
  /** Settles when the process has ended and its output is closed. */
  readonly exited: Promise<unknown>;
  /**
   * Time between SIGTERM and SIGKILL in milliseconds, in which the process can clean up.
   *
   * @default {2000}
   */
  readonly graceMs?: number | undefined;
}

/** Stop a process with SIGTERM, and kill it if it does not end in time. */
export async function endProcess(
  child: Pick<Deno.ChildProcess, "pid" | "kill">,
  { isGroup, exited, graceMs = 2000 }: EndProcessOptions,
): Promise<void> {
  send(child, "SIGTERM", isGroup);
  // The leader may have ended while its children are still running, so the group is always killed.
  await within(exited, graceMs);
  send(child, "SIGKILL", isGroup);
}

function send(child: Pick<Deno.ChildProcess, "pid" | "kill">, name: Deno.Signal, isGroup: boolean): void {
  try {
    if (isGroup) Deno.kill(-child.pid, name);
    else child.kill(name);
  } catch (error) {
    // The process ended by itself.
    if (!(error instanceof Deno.errors.NotFound || error instanceof TypeError)) throw error;
  }
}
