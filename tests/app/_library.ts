import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { type Catalog, catalogFile, openCatalog, type PlannedItem } from "../../lib/library/mod.ts";

/** A library of a test: a folder with a catalog. */
export interface SmallLibrary extends Disposable {
  readonly root: string;
  readonly catalog: Catalog;
  /** Write a file and record it as done. Returns its SHA-256. */
  readonly add: (bytes: Uint8Array, item: Partial<PlannedItem> & Pick<PlannedItem, "key" | "path">) => string;
}

/** Make an empty library in a folder. */
export function makeLibrary(root: string): SmallLibrary {
  Deno.mkdirSync(dirname(catalogFile(root)), { recursive: true });
  const catalog = openCatalog(catalogFile(root));
  const runId = catalog.startRun({ command: "download", engine: "stable", targets: [] });
  return {
    root,
    catalog,
    add(bytes, item) {
      const path = join(root, item.path);
      Deno.mkdirSync(dirname(path), { recursive: true });
      Deno.writeFileSync(path, bytes);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const { mtime, size } = Deno.statSync(path);
      const facts = { modelId: null, versionId: null, fileId: null, imageId: null, creator: null };
      catalog.plan({ kind: "file", ...facts, sizeBytes: size, hashes: {}, source: null, ...item }, runId);
      const mtimeMs = mtime!.getTime();
      catalog.markDone(item.key, { sha256, actualBytes: size, mtimeMs, etag: null, outcome: "done" });
      return sha256;
    },
    [Symbol.dispose]: () => catalog[Symbol.dispose](),
  };
}

/** The id of an item's row. */
export function idOf(catalog: Catalog, key: string): number {
  for (const { id } of catalog.fileRecords()) if (catalog.itemById(id)?.key === key) return id;
  throw new RangeError(`No item "${key}"`);
}
