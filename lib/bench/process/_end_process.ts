import { within } from "./_within.ts";

/** Time between SIGTERM and SIGKILL in milliseconds, in which a process can clean up. */
const GRACE_MS = 2000;

/**
 * Stop a process with SIGTERM, and kill it if it does not end in time.
 *
 * @param child The process
 * @param options Whether the process leads a group, which is then stopped as a whole; `exited` resolves when the
 * process has ended and its output is closed
 */
export async function endProcess(
  child: Pick<Deno.ChildProcess, "pid" | "kill">,
  options: { readonly isGroup: boolean; readonly exited: Promise<unknown> },
): Promise<void> {
  const { isGroup, exited } = options;
  send(child, "SIGTERM", isGroup);
  // The leader may have ended while its children are still running, so the group is always killed.
  await within(exited, GRACE_MS);
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
