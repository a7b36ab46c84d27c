import { crc32 } from "node:zlib";
import type { Database, Row } from "../../database.ts";
import type { ModelMark } from "../catalog_records.ts";

/** What the items of each model amount to, a range of models at a time, in the order of the index. */
const ITEMS = `SELECT model_id AS id,
    concat_ws(',', count(*), max(id), total(coalesce(actual_bytes, size_bytes)), total(done_at), total(length(path)),
      sum(id * CASE state WHEN 'done' THEN 1 WHEN 'planned' THEN 2 WHEN 'deferred' THEN 3 WHEN 'refused' THEN 4
        WHEN 'failed' THEN 5 ELSE 6 END),
      min(path), max(path)) AS mark
  FROM items WHERE model_id > ? GROUP BY model_id ORDER BY model_id LIMIT ?`;
const MODELS = "SELECT id, hex(digest) AS mark FROM models WHERE id > ? AND id <= ?";
const VERSIONS = `SELECT model_id AS id, group_concat(hex(digest)) AS mark FROM versions
  WHERE model_id > ? AND model_id <= ? GROUP BY model_id`;

/** See {@linkcode Catalog.modelMarks}. */
export function modelMarks(db: Database, after: number, count: number): readonly ModelMark[] {
  const items = db.all(ITEMS, after, count);
  const last = items.at(-1)?.id as number | undefined;
  if (last === undefined) return [];
  const models = marksById(db.all(MODELS, after, last));
  const versions = marksById(db.all(VERSIONS, after, last));
  return items.map((row) => {
    const id = row.id as number;
    return { id, mark: crc32(`${row.mark} ${models.get(id)} ${versions.get(id)}`) };
  });
}

function marksById(rows: readonly Row[]): ReadonlyMap<number, unknown> {
  return new Map(rows.map(({ id, mark }) => [id as number, mark]));
}
