import { join } from "node:path";

/**
 * Remove the newer catalogs that earlier rollbacks kept in a library. Their names have only the second in which the
 * rollback began, and tests roll back twice in one.
 *
 * @param home The folder `.civitai-dl` of the library
 */
export async function removeKeptCatalogs(home: string): Promise<void> {
  for await (const { name } of Deno.readDir(home)) {
    if (/^catalog\.db\.v\d+-\d/.test(name)) await Deno.remove(join(home, name));
  }
}
