import type { Database, Row } from "../../database.ts";
import { packHex, unpackHex } from "../_packed_hex.ts";
import { packJson, unpackJson } from "../_packed_json.ts";
import { contentDigest } from "../../sidecars/content_digest.ts";
import { indexModel } from "./search_index.ts";
import type {
  CatalogRun,
  CatalogRunFacts,
  ListingFacts,
  ListingRecord,
  ModelFacts,
  ModelRecord,
  PublishedVersion,
  SiblingVersion,
  VersionFacts,
  VersionRecord,
} from "../catalog_records.ts";

/** Facts that change daily, and that are not written again for themselves. */
const IGNORED = ["stats"];

/** See {@linkcode Catalog.putModel}. */
export function putModelRow(db: Database, id: number, facts: ModelFacts, now: number): string {
  const { name, type, creator, json } = facts;
  const content = [name, type, creator, json];
  const digest = contentDigest(content, { ignore: IGNORED });
  const known = db.get("SELECT digest, name FROM models WHERE id = ?", id);
  if (unpackHex(known?.digest) === digest) return digest;
  db.transaction(() => {
    db.run(
      "INSERT OR REPLACE INTO models (id, name, type, creator, digest, json, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
      id,
      name,
      type,
      creator,
      packHex(digest),
      packJson(content),
      now,
    );
    if (known?.name !== name) indexModel(db, id);
  });
  return digest;
}

/** See {@linkcode Catalog.model}. */
export function modelRow(db: Database, id: number): ModelRecord | null {
  const row = db.get("SELECT * FROM models WHERE id = ?", id);
  if (row === undefined) return null;
  const [name, type, creator, json] = unpackJson(row.json) as [string, string, string | null, unknown];
  return { id, name, type, creator, json, digest: unpackHex(row.digest)!, updatedAt: row.updated_at as number };
}

/** See {@linkcode Catalog.modelsBy}. */
export function modelRowsBy(db: Database, creator: string): readonly Pick<ModelRecord, "id" | "name">[] {
  const rows = db.all("SELECT id, name FROM models WHERE creator = ? COLLATE NOCASE ORDER BY id", creator);
  return rows.map((row) => ({ id: row.id as number, name: row.name as string }));
}

/** See {@linkcode Catalog.putVersion}. */
export function putVersionRow(db: Database, id: number, facts: VersionFacts, now: number): string {
  const { modelId, name, baseModel, publishedAt, json } = facts;
  const content = [modelId, name, baseModel, publishedAt, json];
  const digest = contentDigest(content, { ignore: IGNORED });
  const known = db.get("SELECT digest, name FROM versions WHERE id = ?", id);
  if (unpackHex(known?.digest) === digest) return digest;
  db.transaction(() => {
    db.run(
      `INSERT OR REPLACE INTO versions (id, model_id, name, base_model, published_at, digest, json, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      id,
      modelId,
      name,
      baseModel,
      publishedAt,
      packHex(digest),
      packJson(content),
      now,
    );
    if (known?.name !== name) indexModel(db, modelId);
  });
  return digest;
}

/** See {@linkcode Catalog.version}. */
export function versionRow(db: Database, id: number): VersionRecord | null {
  const row = db.get("SELECT * FROM versions WHERE id = ?", id);
  return row === undefined ? null : toVersion(row);
}

/** See {@linkcode Catalog.versionsOf}. */
export function versionRowsOf(db: Database, modelId: number): readonly VersionRecord[] {
  return db.all("SELECT * FROM versions WHERE model_id = ? ORDER BY id DESC", modelId).map(toVersion);
}

function toVersion(row: Row): VersionRecord {
  const packed = unpackJson(row.json) as [number, string, string, string | null, unknown];
  const [modelId, name, baseModel, publishedAt, json] = packed;
  return {
    id: row.id as number,
    modelId,
    name,
    baseModel,
    publishedAt,
    json,
    digest: unpackHex(row.digest)!,
    updatedAt: row.updated_at as number,
  };
}

/** See {@linkcode Catalog.publishedVersions}. */
export function publishedVersionRows(
  db: Database,
  modelIds: readonly number[],
): ReadonlyMap<number, readonly PublishedVersion[]> {
  const rows = db.all(
    `SELECT model_id, id, published_at FROM versions WHERE model_id IN (SELECT value FROM json_each(?))
     ORDER BY id DESC`,
    JSON.stringify(modelIds),
  );
  const versions = new Map<number, PublishedVersion[]>();
  for (const row of rows) {
    const ofModel = versions.getOrInsertComputed(row.model_id as number, () => []);
    ofModel.push({ id: row.id as number, publishedAt: row.published_at as string | null });
  }
  return versions;
}

/** See {@linkcode Catalog.siblingVersions}. */
export function* siblingVersionRows(db: Database): Generator<SiblingVersion> {
  const sql = `SELECT id, model_id, name, base_model, published_at, EXISTS (
      SELECT 1 FROM items
      WHERE items.model_id = versions.model_id AND version_id = versions.id AND kind = 'file' AND state = 'done'
    ) AS is_held
    FROM versions WHERE model_id IN (SELECT model_id FROM versions GROUP BY model_id HAVING count(*) > 1)
    ORDER BY model_id, id`;
  for (const row of db.iterate(sql)) {
    yield {
      id: row.id as number,
      modelId: row.model_id as number,
      name: row.name as string,
      baseModel: row.base_model as string,
      publishedAt: row.published_at as string | null,
      isHeld: row.is_held === 1,
    };
  }
}

/** See {@linkcode Catalog.startRun}. */
export function startRunRow(db: Database, facts: CatalogRunFacts, now: number): number {
  const { command, engine, targets } = facts;
  const sql = "INSERT INTO runs (command, engine, targets, started_at) VALUES (?, ?, ?, ?)";
  return db.run(sql, command, engine, JSON.stringify(targets) ?? "null", now).lastId;
}

/** See {@linkcode Catalog.endRun}. */
export function endRunRow(db: Database, runId: number, summary: unknown, now: number): void {
  const text = JSON.stringify(summary) ?? "null";
  const { changes } = db.run("UPDATE runs SET ended_at = ?, summary = ? WHERE id = ?", now, text, runId);
  if (changes === 0) throw new RangeError(`Cannot end run ${runId}: the catalog has no such run`);
}

/** See {@linkcode Catalog.lastRuns}. */
export function runRows(db: Database, count: number): readonly CatalogRun[] {
  return db.all("SELECT * FROM runs ORDER BY id DESC LIMIT ?", count).map((row) => ({
    id: row.id as number,
    command: row.command as string,
    engine: row.engine as string,
    targets: JSON.parse(row.targets as string) as unknown,
    startedAt: row.started_at as number,
    endedAt: row.ended_at as number | null,
    summary: row.summary === null ? null : JSON.parse(row.summary as string) as unknown,
  }));
}

/** See {@linkcode Catalog.saveListing}. */
export function putListingRow(db: Database, key: string, facts: ListingFacts, now: number): void {
  const { cursor, pages, seen, complete } = facts;
  db.run(
    "INSERT OR REPLACE INTO listings (key, cursor, pages, seen, complete, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
    key,
    cursor,
    pages,
    seen,
    complete ? 1 : 0,
    now,
  );
}

/** See {@linkcode Catalog.listing}. */
export function listingRow(db: Database, key: string): ListingRecord | null {
  const row = db.get("SELECT * FROM listings WHERE key = ?", key);
  if (row === undefined) return null;
  return {
    cursor: row.cursor as string | null,
    pages: row.pages as number,
    seen: row.seen as number,
    complete: row.complete === 1,
    updatedAt: row.updated_at as number,
  };
}

/** See {@linkcode Catalog.forgetListings}. */
export function deleteListingRows(db: Database, prefix: string): void {
  db.run("DELETE FROM listings WHERE key >= ? AND key < ?", prefix, `${prefix}\u{10ffff}`);
}

/** See {@linkcode Catalog.notes}. */
export function noteRows(db: Database, prefix: string): readonly { readonly name: string; readonly value: string }[] {
  // Not LIKE, which treats `_` as a wildcard. Names with the same prefix are adjacent in the primary key.
  const sql = "SELECT name, value FROM notes WHERE name >= ? AND name < ? ORDER BY name";
  const rows = db.all(sql, prefix, `${prefix}\u{10ffff}`);
  return rows.map((row) => ({ name: row.name as string, value: row.value as string }));
}
