import { join } from "node:path";
import { isDenoError, PRIVATE_FILE_MODE, readTextNoFollow, refuseNewer, writeAtomic } from "../../base/mod.ts";
import { STATE_FOLDER } from "./state_folder.ts";

/** What makes a library the one that it is, wherever its folder is moved or mounted. */
export interface LibraryIdentity {
  /** A random UUID. A copy of a library has the same. */
  readonly id: string;
  /** When the library was created, ISO 8601 UTC. */
  readonly createdAt: string;
}

const SCHEMA = "civitai-dl/library";
const VERSION = 1;

/**
 * Return the path of the file that makes a folder a library.
 *
 * @param root The library's folder
 * @returns `.civitai-dl/library.json` in it
 */
export function identityPath(root: string): string {
  return join(root, STATE_FOLDER, "library.json");
}

/**
 * Read which library a folder is.
 *
 * @param root The library's folder
 * @returns The identity; `null` if the file is missing or damaged
 * @throws {NewerStateError} If a later version of the program wrote the file
 */
export async function readIdentity(root: string): Promise<LibraryIdentity | null> {
  const path = identityPath(root);
  try {
    const value: unknown = JSON.parse(await readTextNoFollow(path));
    refuseNewer(value, { path, version: VERSION });
    const { schema, id, createdAt } = (value ?? {}) as Record<string, unknown>;
    return schema === SCHEMA && typeof id === "string" && typeof createdAt === "string" ? { id, createdAt } : null;
  } catch (error) {
    if (error instanceof SyntaxError || isDenoError(error, "NotFound", "NotADirectory")) return null;
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
  const text = `${JSON.stringify({ schema: SCHEMA, version: VERSION, ...identity })}\n`;
  await writeAtomic(identityPath(root), text, { mode: PRIVATE_FILE_MODE });
  return identity;
}
