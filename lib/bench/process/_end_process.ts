import { within } from "./_within.ts";

/** So long a process may clean up. */
const GRACE_MS = 2000;

/**
 * Tell a process to end, and make it end if it does not.
 *
 * @param child The process
 * @param options Whether it leads a group, all of which is ended; what resolves when nothing of it is left
 */
export async function endProcess(
  child: Pick<Deno.ChildProcess, "pid" | "kill">,
  options: { readonly isGroup: boolean; readonly gone: Promise<unknown> },
): Promise<void> {
  const { isGroup, gone } = options;
  send(child, "SIGTERM", isGroup);
  // The leader may be gone while what it started goes on, so that the group is asked in any case.
  await within(gone, GRACE_MS);
  send(child, "SIGKILL", isGroup);
}

function send(child: Pick<Deno.ChildProcess, "pid" | "kill">, name: Deno.Signal, isGroup: boolean): void {
  try {
    if (isGroup) Deno.kill(-child.pid, name);
    else child.kill(name);
  } catch (error) {
    // It has just ended by itself.
    if (!(error instanceof Deno.errors.NotFound || error instanceof TypeError)) throw error;
  }
}
