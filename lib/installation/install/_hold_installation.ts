import { join } from "node:path";
import { acquireLock } from "../../base/mod.ts";

/** Longest wait for another process that changes the installation, in milliseconds. A switch takes some of them. */
const WAIT_MS = 10_000;

/** Lock the installed versions against other processes, and create their folder if it is missing. */
export async function holdInstallation(
  folder: string,
  options: { readonly signal?: AbortSignal | undefined },
): Promise<Disposable> {
  await Deno.mkdir(join(folder, "versions"), { recursive: true });
  return await acquireLock(join(folder, "install.lock"), {
    command: "install",
    waitMs: WAIT_MS,
    hint: "Wait for it to end, or stop it",
    signal: options.signal,
  });
}
