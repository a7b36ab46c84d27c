import { connect } from "./_open_database.ts";

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
    using db = connect(path, { readOnly: true });
    return db.version();
  } catch (error) {
    if (!(error instanceof Error && /readonly database/.test(error.message))) throw error;
    // A process that was killed left a journal, which only a writer can apply.
    using db = connect(path, { readOnly: false });
    return db.version();
  }
}
