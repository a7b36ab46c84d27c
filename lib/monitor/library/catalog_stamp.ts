import { catalogFile } from "../../library/mod.ts";

/** Describe size and time of the catalog's files, which change with every write; `null` if there is no catalog. */
export async function stampOfCatalog(root: string): Promise<string | null> {
  const path = catalogFile(root);
  const [catalog, log] = await Promise.all([path, `${path}-wal`].map((file) => Deno.stat(file).catch(() => null)));
  if (catalog == null) return null;
  // An empty log is the same as none: readers leave one behind.
  const parts = [catalog, ...log == null || log.size === 0 ? [] : [log]];
  return parts.map(({ ino, size, mtime }) => `${ino} ${size} ${mtime?.getTime()}`).join(", ");
}
