/**
 * Converts a catalog, in a process that its test kills.
 *
 * @module
 */
import { downgradeCatalog } from "../../../lib/library/mod.ts";

if (import.meta.main) {
  const [path, keep] = Deno.args;
  await Deno.stdout.write(new TextEncoder().encode("!"));
  downgradeCatalog(path!, { version: 2, keep: keep! });
}
