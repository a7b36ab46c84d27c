import { KitError } from "../../lib/base/mod.ts";
import { openRepository, type Repository } from "../../lib/git/mod.ts";
import { findCheckout } from "../_frame/program_form.ts";

/**
 * Find the repository whose tags are meant: the one that was named, else the one of the working folder, else this
 * program's own checkout.
 *
 * @param named Value of `--repo`; `undefined` if it was not given
 * @returns The repository; `null` if there is none
 * @throws {KitError} `usage` if the named folder is not in a repository
 */
export async function findRepository(named: string | undefined): Promise<Repository | null> {
  if (named !== undefined) return await openRepository(named);
  for (const folder of [Deno.cwd(), findCheckout()]) {
    if (folder === null) continue;
    try {
      return await openRepository(folder);
    } catch (error) {
      // Outside of a repository, or without git, which only some kinds of rollback need.
      if (!(error instanceof KitError)) throw error;
    }
  }
  return null;
}
