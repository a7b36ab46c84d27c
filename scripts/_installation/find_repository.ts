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
  const checkout = findCheckout();
  return await findWorkingRepository(named) ?? (checkout === null ? null : await tryOpen(checkout));
}

/**
 * Find the repository that a person works in: the one that was named, else the one of the working folder.
 *
 * @param named As in {@linkcode findRepository}
 * @returns The repository; `null` if there is none
 * @throws {KitError} `usage` if the named folder is not in a repository
 */
async function findWorkingRepository(named: string | undefined): Promise<Repository | null> {
  return named === undefined ? await tryOpen(Deno.cwd()) : await openRepository(named);
}

/** A repository other than the one that a person works in. */
export interface OtherRepository {
  /** Its top folder. */
  readonly root: string;
  /** Whether the person works in a repository at all. */
  readonly isInAnother: boolean;
}

/**
 * Find out whether a recorded repository is another one than that which a person works in.
 *
 * @param root Its top folder when it was recorded; `null` if there was none
 * @param named As in {@linkcode findRepository}
 * @returns The recorded repository; `null` if it is the one here, or is not there any more
 * @throws {KitError} `usage` if the named folder is not in a repository
 */
export async function findOtherRepository(
  root: string | null,
  named: string | undefined,
): Promise<OtherRepository | null> {
  const recorded = root === null ? null : await tryOpen(root);
  if (recorded === null) return null;
  const here = await findWorkingRepository(named);
  if (recorded.commonFolder === here?.commonFolder) return null;
  return { root: recorded.root, isInAnother: here !== null };
}

async function tryOpen(folder: string): Promise<Repository | null> {
  try {
    return await openRepository(folder);
  } catch (error) {
    // Outside of a repository, or without git, which only some kinds of rollback need.
    if (!(error instanceof KitError)) throw error;
    return null;
  }
}
