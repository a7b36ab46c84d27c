import { Database } from "./_database.ts";

/**
 * Read the version of a catalog without changing or checking it.
 *
 * @param path The catalog
 * @returns Its `user_version`; `null` if there is no catalog
 * @throws {KitError} `integrity` if it is damaged
 */
export function readCatalogVersion(path: string): number | null {
  try {
    if (!Deno.lstatSync(path).isFile) return null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  try {
    using db = new Database(path, { readOnly: true });
    return db.version();
  } catch (error) {
    if (!(error instanceof Error && /readonly database/.test(error.message))) throw error;
    // A process that was killed left a journal, which only a writer can apply.
    using db = new Database(path, { readOnly: false });
    return db.version();
  }
}
