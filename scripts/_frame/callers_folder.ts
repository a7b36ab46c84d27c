import { systemEnv } from "../../lib/base/mod.ts";
import { findCheckout } from "./program_form.ts";

/** In which `deno task`, like npm, says from which folder it was called. */
export const CALLERS_FOLDER = "INIT_CWD";

/**
 * Go to the folder in which the reader called the task: Deno starts it in the root of the checkout, but paths on the
 * command line, the configuration and logs are those of the reader's folder. A process that was not started by a task, or
 * only inherited the variable, stays where it is, and so does a task that may not read the variable.
 */
export function enterCallersFolder(): void {
  const folder = takeCallersFolder();
  if (folder !== undefined) Deno.chdir(folder);
}

/** Return the folder in which the reader called the task, and take the variable from the processes that this one starts. */
export function takeCallersFolder(): string | undefined {
  const folder = systemEnv(CALLERS_FOLDER);
  const root = findCheckout();
  if (folder === undefined || root === null || Deno.realPathSync(root) !== Deno.realPathSync(Deno.cwd())) return;
  Deno.env.delete(CALLERS_FOLDER);
  return folder;
}
