import { KitError } from "../../../base/mod.ts";
import type { Database, Row } from "../../database.ts";
import { expectationChanged } from "./_expectation_changed.ts";
import { type Conditions, toItem, toWhere } from "./item_rows.ts";
import { packHashes } from "../_packed_hashes.ts";
import { packHex, unpackHex } from "../_packed_hex.ts";
import { packSource } from "../_packed_source.ts";
import { indexItem, unindexItem } from "./search_index.ts";
import { FOLDED, storedFold } from "../_stored_fold.ts";
import type {
  CatalogItem,
  DoneFacts,
  FileRecord,
  ItemFacts,
  ItemFilter,
  ItemKind,
  ItemSet,
  ItemState,
  ItemTotals,
  MarkFacts,
  PlannedItem,
  StoredItem,
  Total,
} from "../catalog_item.ts";
import { matchesHashes } from "../../content/matches_hashes.ts";
import { foldPath } from "../../naming/fold_path.ts";
import { splitName } from "../../naming/split_name.ts";
import { TimeSlices } from "../../scan/time_slices.ts";

const PAGE_ROWS = 500;
/** Whether an item has a file or had one, and its row does not say that the file need not be there. */
const HAS_FILE = "(state = 'done' OR done_at IS NOT NULL AND NOT (state = 'refused' AND outcome IS 'flagged'))";
const STATES: readonly ItemState[] = ["planned", "done", "deferred", "refused", "failed", "corrupted"];

/** See {@linkcode Catalog.replan}. */
export function replanItem(db: Database, item: ItemFacts, runId: number): CatalogItem | null {
  // Nearly all planned items are known and unchanged: one statement finds the row and assigns it to the run.
  const row = db.get("UPDATE items SET run_id = ? WHERE key = ? RETURNING *", runId, item.key);
  if (row === undefined) return null;
  const known = toItem(row);
  if (staysAsPlanned(known, item)) return known;
  const next = replanned(known, item);
  const isSame = JSON.stringify(next.hashes) === JSON.stringify(known.hashes);
  if (isSame && REPLANNED.every((name) => next[name] === known[name])) return known;
  const packed = { ...next, source: packSource(next.source), sidecarDigest: packHex(next.sidecarDigest) };
  db.transaction(() => {
    db.run(
      `UPDATE items SET hashes = ?, model_id = ?, version_id = ?, file_id = ?, image_id = ?, creator = ?, size_bytes = ?,
         source = ?, state = ?, outcome = ?, reason = ?, not_before = ?, attempts = ?, etag = ?, sidecar_digest = ?
       WHERE key = ?`,
      packHashes(next.hashes),
      ...REPLANNED.map((name) => packed[name]),
      item.key,
    );
    if (known.sha256 !== null && expectationChanged(known, item)) noteReplaced(db, next, known.sha256);
    if (SEARCHED.some((name) => next[name] !== known[name])) indexItem(db, row.id as number);
  });
  return next;
}

/** Fields other than the hashes that planning may change, in the order of the statement above. */
const REPLANNED = [
  ...["modelId", "versionId", "fileId", "imageId", "creator", "sizeBytes", "source"] as const,
  ...["state", "outcome", "reason", "notBefore", "attempts", "etag", "sidecarDigest"] as const,
];

/** The fields among these on which the search index depends, directly or through the names that they refer to. */
const SEARCHED = ["modelId", "versionId", "creator"] as const;

function replanned(known: CatalogItem, item: ItemFacts): CatalogItem {
  const { modelId, versionId, fileId, imageId, creator, source } = item;
  const changed = expectationChanged(known, item);
  const staysAsItIs = !changed && (known.state === "done" || isHeldBack(known));
  return {
    ...known,
    modelId,
    versionId,
    fileId,
    imageId,
    creator,
    source,
    sizeBytes: item.sizeBytes ?? (changed ? null : known.sizeBytes),
    // Names and links can change although the content does not. A hash that is no longer published is still valid.
    hashes: changed ? item.hashes : { ...known.hashes, ...item.hashes },
    ...(staysAsItIs ? {} : { state: "planned", outcome: null, reason: null, notBefore: null }),
    ...(changed ? { etag: null, attempts: 0, sidecarDigest: null } : {}),
  };
}

/**
 * Whether an item is done, or held back, as it is planned now: planning it again with {@linkcode Catalog.replan} would
 * change nothing but its run. This is the case of nearly all items that are planned again.
 *
 * @param known The item in the catalog
 * @param item The same item as it is planned now
 */
export function staysAsPlanned(known: CatalogItem, item: ItemFacts): boolean {
  const isSettled = known.state === "done" || isHeldBack(known);
  return isSettled &&
    IDENTITY.every((name) => item[name] === known[name]) &&
    (item.sizeBytes ?? known.sizeBytes) === known.sizeBytes &&
    Object.entries(item.hashes).every(([kind, hash]) => known.hashes[kind] === hash);
}

const IDENTITY = ["modelId", "versionId", "fileId", "imageId", "creator", "source"] as const;

function isHeldBack({ state, notBefore }: CatalogItem): boolean {
  return state === "refused" && notBefore !== null;
}

/** Prefix of the notes on items whose content on Civitai was replaced; the value is the SHA-256 of the file on disk. */
const REPLACED = "replaced:";

/** Keep the hash of the file on disk: without it, the file could not be told from one that the user put there. */
function noteReplaced(db: Database, { key, hashes }: CatalogItem, sha256: string): void {
  // The API promises the first content again.
  if (matchesHashes({ sha256 }, hashes) === "match") return forgetReplaced(db, key);
  db.run("INSERT OR REPLACE INTO notes (name, value) VALUES (?, ?)", `${REPLACED}${key}`, sha256);
}

function forgetReplaced(db: Database, key: string): void {
  db.run("DELETE FROM notes WHERE name = ?", `${REPLACED}${key}`);
}

/** See {@linkcode Catalog.replacedSha256}. */
export function replacedSha256(db: Database, key: string): string | null {
  const row = db.get("SELECT value FROM notes WHERE name = ?", `${REPLACED}${key}`);
  return row === undefined ? null : row.value as string;
}

/** See {@linkcode Catalog.replacedItems}. */
export function replacedItems(db: Database, filter: ItemFilter): readonly CatalogItem[] {
  const { where, values } = toWhere(filter);
  const named = `key IN (SELECT substr(name, ${REPLACED.length + 1}) FROM notes WHERE name >= ? AND name < ?)`;
  // `;` follows `:` in byte order.
  const rows = db.all(
    `SELECT * FROM items WHERE ${where} AND ${named} ORDER BY id`,
    ...values,
    REPLACED,
    `${REPLACED.slice(0, -1)};`,
  );
  return rows.map(toItem);
}

/** See {@linkcode Catalog.plan}. */
export function planItem(db: Database, item: PlannedItem, runId: number): CatalogItem {
  const row = db.transaction(() => insertItem(db, item, runId));
  if (row !== undefined) return toItem(row);
  const known = replanItem(db, item, runId);
  if (known === null) throw takenError(db, item.key, item.path);
  return known;
}

/** Insert an item; `undefined` if its key or its path is taken. */
function insertItem(db: Database, item: PlannedItem, runId: number): Row | undefined {
  const row = db.get(
    `INSERT INTO items (key, kind, model_id, version_id, file_id, image_id, creator, path, folded, size_bytes, hashes,
       source, run_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING *`,
    item.key,
    item.kind,
    item.modelId,
    item.versionId,
    item.fileId,
    item.imageId,
    item.creator,
    item.path,
    storedFold(item.path),
    item.sizeBytes,
    packHashes(item.hashes),
    packSource(item.source),
    runId,
  );
  if (row !== undefined) indexItem(db, row.id as number);
  return row;
}

/** See {@linkcode Catalog.modelIds}. */
export function modelIdsOf(db: Database, filter: ItemFilter): readonly number[] {
  const { where, values } = toWhere(filter);
  // One text: two hundred thousand rows, or their groups, take three times as long.
  const sql = `SELECT group_concat(model_id) AS ids
    FROM (SELECT model_id FROM items WHERE ${where} AND model_id IS NOT NULL ORDER BY id)`;
  const row = db.get(sql, ...values);
  return [...new Set<number>(JSON.parse(`[${row!.ids ?? ""}]`))];
}

/** See {@linkcode Catalog.rememberItems}. */
export function rememberItemSet(db: Database, filters: readonly ItemFilter[]): ItemSet {
  db.exec(`CREATE TEMP TABLE IF NOT EXISTS item_sets (
    set_id INTEGER NOT NULL, item_id INTEGER NOT NULL, PRIMARY KEY (set_id, item_id)
  ) STRICT, WITHOUT ROWID`);
  const setId = db.get("SELECT coalesce(max(set_id), 0) + 1 AS id FROM temp.item_sets")!.id as number;
  // An empty set has a row too, so that its number is not given again.
  db.run("INSERT INTO temp.item_sets (set_id, item_id) VALUES (?, 0)", setId);
  for (const { where, values } of filters.map(toWhere)) {
    const sql = `INSERT OR IGNORE INTO temp.item_sets (set_id, item_id) SELECT ?, id FROM items WHERE ${where}`;
    db.run(sql, setId, ...values);
  }
  return { setId };
}

/** See {@linkcode Catalog.itemsOfModels}. */
export function itemsOfModels(db: Database, modelIds: readonly number[]): ReadonlyMap<string, CatalogItem> {
  const rows = db.all(
    `SELECT items.* FROM json_each(?) AS asked CROSS JOIN items ON model_id = asked.value
     WHERE kind IN ('file', 'preview')`,
    JSON.stringify(modelIds),
  );
  return new Map(rows.map((row) => [row.key as string, toItem(row)]));
}

/** See {@linkcode Catalog.unknownPaths}. */
export function unknownPaths(db: Database, paths: readonly string[]): readonly string[] {
  return pathsWithout(db, paths, "TRUE");
}

/** See {@linkcode Catalog.unrecordedPaths}. */
export function unrecordedPaths(db: Database, paths: readonly string[]): readonly string[] {
  return pathsWithout(db, paths, HAS_FILE);
}

/** Find the paths that no item has for which a condition holds. */
function pathsWithout(db: Database, paths: readonly string[], condition: string): readonly string[] {
  if (paths.length === 0) return [];
  const rows = db.all(
    `SELECT key AS number FROM json_each(?) AS asked
     WHERE NOT EXISTS (SELECT 1 FROM items WHERE ${FOLDED} = asked.value AND ${condition})`,
    JSON.stringify(paths.map(foldPath)),
  );
  return rows.map((row) => paths[row.number as number]!);
}

/** See {@linkcode Catalog.versionsIn}. */
export function versionsIn(db: Database, folder: string): readonly number[] {
  // `0` follows `/` in byte order.
  const sql = `SELECT DISTINCT version_id FROM items WHERE ${FOLDED} > ? AND ${FOLDED} < ? AND version_id IS NOT NULL`;
  const folded = foldPath(folder);
  return db.all(sql, `${folded}/`, `${folded}0`).map((row) => row.version_id as number);
}

/** See {@linkcode Catalog.imagesIn}. */
export function imagesIn(db: Database, folder: string, limit: number): readonly CatalogItem[] {
  const sql = `SELECT * FROM items WHERE ${FOLDED} > ? AND ${FOLDED} < ? AND kind = 'image' ORDER BY id LIMIT ?`;
  const folded = foldPath(folder);
  return db.all(sql, `${folded}/`, `${folded}0`, limit).map(toItem);
}

/** See {@linkcode Catalog.filesOfStem}. */
export function filesOfStem(db: Database, path: string): readonly CatalogItem[] {
  const stem = foldedStem(path);
  // `/` follows `.` in byte order.
  const rows = db.all(
    `SELECT * FROM items WHERE ${FOLDED} > ? AND ${FOLDED} < ? AND kind = 'file'`,
    `${stem}.`,
    `${stem}/`,
  );
  return rows.map(toItem).filter((item) => foldedStem(item.path) === stem);
}

/** See {@linkcode Catalog.filesBeside}. */
export function filesBeside(db: Database, path: string): readonly CatalogItem[] {
  const stem = foldedStem(path);
  // `\` follows `[` in byte order.
  const rows = db.all(
    `SELECT * FROM items WHERE ${FOLDED} > ? AND ${FOLDED} < ? AND kind = 'file'`,
    `${stem} [`,
    `${stem} \\`,
  );
  return rows.map(toItem);
}

/** Fold a stem as part of a whole path, so that dots and spaces before an extension are kept. */
function foldedStem(path: string): string {
  const slash = path.lastIndexOf("/") + 1;
  const { stem } = splitName(path.slice(slash));
  return foldPath(`${path.slice(0, slash)}${stem}.x`).slice(0, -2);
}

/** See {@linkcode Catalog.setPath}. */
export function setItemPath(db: Database, key: string, path: string): void {
  const folded = foldPath(path);
  const holder = db.get(`SELECT key FROM items WHERE ${FOLDED} = ?`, folded)?.key;
  if (holder !== undefined && holder !== key) throw takenError(db, key, path);
  const row = db.get("UPDATE items SET path = ?, folded = ? WHERE key = ? RETURNING id", path, storedFold(path), key);
  if (row === undefined) throw noItem(key);
  indexItem(db, row.id as number);
}

/** See {@linkcode Catalog.markDone}. */
export function markItemDone(db: Database, key: string, facts: DoneFacts, now: number): void {
  const { sha256, actualBytes, mtimeMs, etag, outcome, blocks } = facts;
  const row = db.get("SELECT id, sha256 FROM items WHERE key = ?", key);
  if (row === undefined) throw noItem(key);
  db.run(
    `UPDATE items SET state = 'done', outcome = ?, reason = NULL, not_before = NULL, sha256 = ?, actual_bytes = ?,
       mtime_ms = ?, etag = ?, done_at = ? WHERE id = ?`,
    outcome,
    packHex(sha256),
    actualBytes,
    mtimeMs,
    etag,
    now,
    row.id as number,
  );
  forgetReplaced(db, key);
  if (blocks !== undefined) {
    db.run("INSERT OR REPLACE INTO blocks (item_id, crc) VALUES (?, ?)", row.id as number, packBlocks(blocks));
  } else if (sha256 === null || unpackHex(row.sha256) !== sha256) {
    // With the digests of the previous content, every block of the new file would be reported as bad.
    db.run("DELETE FROM blocks WHERE item_id = ?", row.id as number);
  }
}

/** See {@linkcode Catalog.mark}. */
export function markItem(db: Database, key: string, facts: MarkFacts): void {
  const { state, outcome, reason, notBefore = null, attempts } = facts;
  const { changes } = db.run(
    "UPDATE items SET state = ?, outcome = ?, reason = ?, not_before = ?, attempts = coalesce(?, attempts) WHERE key = ?",
    state,
    outcome,
    reason,
    notBefore,
    attempts ?? null,
    key,
  );
  requireOne(key, changes);
}

/** See {@linkcode Catalog.setSidecarDigest}. */
export function setItemSidecarDigest(db: Database, key: string, digest: string | null): void {
  requireOne(key, db.run("UPDATE items SET sidecar_digest = ? WHERE key = ?", packHex(digest), key).changes);
}

/** See {@linkcode Catalog.remove}. */
export function removeItem(db: Database, key: string): boolean {
  const row = db.get("DELETE FROM items WHERE key = ? RETURNING id", key);
  if (row === undefined) return false;
  unindexItem(db, row.id as number);
  forgetReplaced(db, key);
  return true;
}

/** See {@linkcode Catalog.storedItem}. */
export function readStoredItem(db: Database, key: string): StoredItem | null {
  const row = db.get("SELECT * FROM items WHERE key = ?", key);
  if (row === undefined) return null;
  const blocks = itemBlocks(db, key);
  return {
    ...toItem(row),
    blocks: blocks === null ? null : [...blocks],
    replacedSha256: replacedSha256(db, key),
  };
}

/** See {@linkcode Catalog.putStoredItem}. */
export function putStoredItem(db: Database, item: StoredItem): void {
  const holder = db.get(`SELECT key FROM items WHERE ${FOLDED} = ?`, foldPath(item.path))?.key;
  if (holder !== undefined && holder !== item.key) throw takenError(db, item.key, item.path);
  const values = [
    item.kind,
    item.modelId,
    item.versionId,
    item.fileId,
    item.imageId,
    item.creator,
    item.path,
    storedFold(item.path),
    item.sizeBytes,
    packHashes(item.hashes),
    packSource(item.source),
    item.state,
    item.outcome,
    item.reason,
    item.notBefore,
    item.attempts,
    item.etag,
    packHex(item.sha256),
    item.actualBytes,
    item.mtimeMs,
    item.doneAt,
    item.runId,
    packHex(item.sidecarDigest),
  ];
  const columns =
    `kind, model_id, version_id, file_id, image_id, creator, path, folded, size_bytes, hashes, source, state,
    outcome, reason, not_before, attempts, etag, sha256, actual_bytes, mtime_ms, done_at, run_id, sidecar_digest`;
  const names = columns.split(/,\s*/);
  const row = db.get(
    `INSERT INTO items (key, ${columns}) VALUES (?, ${names.map(() => "?").join(", ")})
     ON CONFLICT (key) DO UPDATE SET ${names.map((name) => `${name} = excluded.${name}`).join(", ")} RETURNING id`,
    item.key,
    ...values,
  )!;
  const id = row.id as number;
  indexItem(db, id);
  if (item.blocks === null) db.run("DELETE FROM blocks WHERE item_id = ?", id);
  else {
    const packed = packBlocks(Uint32Array.from(item.blocks));
    db.run("INSERT OR REPLACE INTO blocks (item_id, crc) VALUES (?, ?)", id, packed);
  }
  forgetReplaced(db, item.key);
  if (item.replacedSha256 !== null) {
    db.run("INSERT INTO notes (name, value) VALUES (?, ?)", `${REPLACED}${item.key}`, item.replacedSha256);
  }
}

/** See {@linkcode Catalog.blocks}. */
export function itemBlocks(db: Database, key: string): Uint32Array | null {
  const row = db.get("SELECT crc FROM blocks JOIN items ON items.id = blocks.item_id WHERE key = ?", key);
  return row === undefined ? null : unpackBlocks(row.crc as Uint8Array);
}

/** See {@linkcode Catalog.items}. */
export function* pageItems(db: Database, filter: ItemFilter): Generator<CatalogItem> {
  const { where, values } = toWhere(filter);
  const sql = `SELECT * FROM items WHERE ${where} AND id > ? ORDER BY id LIMIT ${PAGE_ROWS}`;
  let rows: readonly Row[];
  let lastId = 0;
  do {
    rows = db.all(sql, ...values, lastId);
    for (const row of rows) {
      lastId = row.id as number;
      yield toItem(row);
    }
  } while (rows.length === PAGE_ROWS);
}

/** See {@linkcode Catalog.fileRecords}. */
export function* pageFileRecords(db: Database, modelIds?: readonly number[]): Generator<FileRecord> {
  // A few columns take a third of the time of whole rows.
  const sql = `SELECT items.id, kind, path, sha256, mtime_ms,
      coalesce(actual_bytes, size_bytes) AS size_bytes,
      state = 'done' AND sha256 IS NOT NULL AND actual_bytes IS NOT NULL AND mtime_ms IS NOT NULL
        AND blocks.item_id IS NOT NULL AND notes.name IS NULL AS is_settled
    FROM items LEFT JOIN blocks ON blocks.item_id = items.id LEFT JOIN notes ON notes.name = '${REPLACED}' || key
    WHERE ${HAS_FILE} AND items.id > ?${
    modelIds === undefined ? "" : " AND items.model_id IN (SELECT value FROM json_each(?))"
  }
    ORDER BY items.id LIMIT ${PAGE_ROWS}`;
  const values = modelIds === undefined ? [] : [JSON.stringify(modelIds)];
  let rows: readonly Row[];
  let lastId = 0;
  do {
    rows = db.all(sql, lastId, ...values);
    for (const row of rows) {
      lastId = row.id as number;
      yield toFileRecord(row);
    }
  } while (rows.length === PAGE_ROWS);
}

function toFileRecord(row: Row): FileRecord {
  const sizeBytes = row.size_bytes as number | null;
  const isSettled = row.is_settled === 1;
  return {
    id: row.id as number,
    kind: row.kind as ItemKind,
    path: row.path as string,
    sizeBytes,
    recorded: isSettled
      ? { sha256: unpackHex(row.sha256)!.toLowerCase(), sizeBytes: sizeBytes!, mtimeMs: row.mtime_ms as number }
      : null,
  };
}

/** See {@linkcode Catalog.idsBySize}. */
export function idsBySize(db: Database, filter: ItemFilter): Float64Array {
  const { where, values } = toWhere(filter);
  const count = db.get(`SELECT count(*) AS count FROM items WHERE ${where}`, ...values)!.count as number;
  const ids = new Float64Array(count);
  let index = 0;
  const sql = `SELECT id FROM items WHERE ${where} ORDER BY coalesce(size_bytes, -1) DESC, id`;
  for (const row of db.iterate(sql, ...values)) ids[index++] = row.id as number;
  return ids;
}

/** See {@linkcode Catalog.totals}. */
export function totalItems(db: Database, conditions: Conditions): ItemTotals {
  const { where, values } = conditions;
  // total() returns a float, where sum() fails with an integer overflow.
  const rows = db.all(
    `SELECT state, count(*) AS count,
       total(CASE WHEN state = 'done' THEN coalesce(actual_bytes, size_bytes) ELSE size_bytes END) AS bytes
     FROM items WHERE ${where} GROUP BY state`,
    ...values,
  );
  return sumTotals(
    new Map(rows.map((row) => [row.state as string, { count: row.count as number, bytes: row.bytes as number }])),
  );
}

/** Ids of a step of {@linkcode totalItemsInTurns}, which takes some milliseconds. */
const IDS_A_STEP = 5000;
/** Longest time without a turn of the event loop, in milliseconds. */
const SLICE_MS = 10;

/** See {@linkcode Catalog.totalsInTurns}. */
export async function totalItemsInTurns(db: Database, { where, values }: Conditions): Promise<ItemTotals> {
  const slices = new TimeSlices({ sliceMs: SLICE_MS });
  const last = db.get("SELECT max(id) AS id FROM items")!.id as number | null ?? 0;
  const found = new Map<ItemState, Total>();
  for (let after = 0; after < last; after += IDS_A_STEP) {
    const step = [after, after + IDS_A_STEP];
    const { byState } = totalItems(db, { where: `${where} AND id > ? AND id <= ?`, values: [...values, ...step] });
    for (const state of STATES) {
      const { count, bytes } = found.get(state) ?? { count: 0, bytes: 0 };
      found.set(state, { count: count + byState[state].count, bytes: bytes + byState[state].bytes });
    }
    await slices.pause();
  }
  return sumTotals(found);
}

/** Add up the totals of each state. */
export function sumTotals(found: ReadonlyMap<string, Total>): ItemTotals {
  const byState = Object.fromEntries(STATES.map((state) => [state, found.get(state) ?? { count: 0, bytes: 0 }]));
  const sum = (of: keyof Total): number => Object.values(byState).reduce((total, part) => total + part[of], 0);
  return { count: sum("count"), bytes: sum("bytes"), byState: byState as Record<ItemState, Total> };
}

/** Throw if a change affected no row, because there is no such item. */
function requireOne(key: string, changes: number): void {
  if (changes === 0) throw noItem(key);
}

function noItem(key: string): RangeError {
  return new RangeError(`Cannot change "${key}": the catalog has no such item`);
}

function takenError(db: Database, key: string, path: string): KitError {
  const holder = db.get(`SELECT key FROM items WHERE ${FOLDED} = ?`, foldPath(path))?.key;
  return new KitError("failed", `Cannot plan "${key}": "${path}" belongs to "${holder}"`, {
    hint: "Add a word that distinguishes files to --path-template, such as {file_id}",
  });
}

function packBlocks(blocks: Uint32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(blocks.length * 4));
  blocks.forEach((crc, index) => view.setUint32(index * 4, crc, true));
  return new Uint8Array(view.buffer);
}

function unpackBlocks(packed: Uint8Array): Uint32Array {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  return Uint32Array.from({ length: packed.byteLength / 4 }, (_, index) => view.getUint32(index * 4, true));
}
