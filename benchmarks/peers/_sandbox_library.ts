import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { catalogFile } from "../../lib/library/mod.ts";
import { KitError } from "../../lib/base/mod.ts";
import type { Sandbox } from "../../lib/sandbox/mod.ts";

/** Options of the program for runs that measure nothing but fetching. */
export const QUIET_WORDS: readonly string[] = ["-o", "library", "--yes", "--quiet", "--reserve", "0", "--no-images"];

/** Build the arguments that name all creators of a sandbox. */
export function userWords(sandbox: Sandbox): readonly string[] {
  return [...sandbox.catalog.creators()].flatMap((creator) => ["--user", creator.username]);
}

/**
 * Throw `integrity` unless exactly `count` files of the library in `folder` are done, according to its catalog. The
 * catalog is read with SQL, not with lib/library: the program of another commit may have written it, in a version that
 * lib/library refuses.
 */
export function checkDone(folder: string, count: number): void {
  using db = new DatabaseSync(catalogFile(join(folder, "library")));
  const done = db.prepare("SELECT count(*) AS count FROM items WHERE kind = 'file' AND state = 'done'").get()!.count;
  if (done === count) return;
  throw new KitError("integrity", `Only ${done} of ${count} files are in the library`);
}

/** Remove the library in `folder`, and its logs, as far as they exist. */
export async function removeLibrary(folder: string): Promise<void> {
  for (const name of ["library", "logs"]) {
    await Deno.remove(join(folder, name), { recursive: true }).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}
