import { join } from "node:path";
import { StateFile } from "../../base/mod.ts";
import { STATE_FOLDER } from "./state_folder.ts";

/** What makes a library the one that it is, wherever its folder is moved or mounted. */
export interface LibraryIdentity {
  /** A random UUID. A copy of a library has the same. */
  readonly id: string;
  /** When the library was created, ISO 8601 UTC. */
  readonly createdAt: string;
}

/**
 * Return the path of the file that makes a folder a library.
 *
 * @param root The library's folder
 * @returns `.civitai-dl/library.json` in it
 */
export function identityPath(root: string): string {
  return join(root, STATE_FOLDER, "library.json");
}

/** Return the file. A damaged one is left alone: the next run that may write replaces it. */
function identityFile(root: string): StateFile<LibraryIdentity> {
  return new StateFile(identityPath(root), {
    schema: "civitai-dl/library",
    version: 1,
    parse: ({ id, createdAt }) => {
      if (typeof id === "string" && typeof createdAt === "string") return { id, createdAt };
      throw new SyntaxError('"id" or "createdAt" is not a text');
    },
    loss: "the library gets a new identity",
  });
}

/**
 * Read which library a folder is.
 *
 * @param root The library's folder
 * @returns The identity; `null` if the file is missing or damaged
 * @throws {NewerStateError} If a later version of the program wrote the file
 */
export async function readIdentity(root: string): Promise<LibraryIdentity | null> {
  try {
    return await identityFile(root).read();
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * Read which library a folder is, and make it one if it is none yet. The caller holds the library's lock, and the folder
 * `.civitai-dl` exists.
 *
 * @param root The library's folder
 * @param options Time of the creation, in milliseconds since the epoch
 * @returns The identity that the file has now
 */
export async function ensureIdentity(root: string, options: { readonly now: number }): Promise<LibraryIdentity> {
  const known = await readIdentity(root);
  if (known !== null) return known;
  const identity = { id: crypto.randomUUID(), createdAt: new Date(options.now).toISOString() };
  await identityFile(root).write(identity);
  return identity;
}
