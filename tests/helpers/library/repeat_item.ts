import { DatabaseSync } from "node:sqlite";

/**
 * Repeat the first item of a catalog by SQL until there are so many: `Catalog.plan()` takes a tenth of a millisecond for
 * each, of which a test that only reads them proves nothing.
 *
 * @param path The database, which has one item whose key is `file:1:1` and whose path has the name `1.…`
 * @param count How many items there are afterwards
 */
export function repeatItem(path: string, count: number): void {
  using database = new DatabaseSync(path);
  database.prepare(`
    WITH RECURSIVE numbers(n) AS (SELECT max(id) + 1 FROM items UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
    INSERT INTO items (
      key, kind, model_id, version_id, file_id, creator, path, size_bytes, hashes, source, state, outcome, reason,
      done_at
    )
    SELECT
      'file:' || n || ':' || n, kind, model_id, n, n, creator, replace(path, '/1.', '/' || n || '.'), size_bytes, hashes,
      source, state, outcome, reason, done_at
    FROM numbers, items WHERE items.id = 1
  `).run(count);
}
