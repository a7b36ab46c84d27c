import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { deflateRawSync } from "node:zlib";
import { contentDigest, foldPath } from "../../lib/library/mod.ts";

/** The tables of version 2, verbatim. */
const SCHEMA = `
  CREATE TABLE models (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL, creator TEXT,
    digest TEXT NOT NULL, json BLOB NOT NULL, updated_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE versions (
    id INTEGER PRIMARY KEY, model_id INTEGER NOT NULL, name TEXT NOT NULL, base_model TEXT NOT NULL, published_at TEXT,
    digest TEXT NOT NULL, json BLOB NOT NULL, updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX versions_model ON versions(model_id);

  CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('file', 'preview', 'gallery', 'image')),
    model_id INTEGER, version_id INTEGER, file_id INTEGER, image_id INTEGER,
    creator TEXT COLLATE NOCASE,
    path TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    size_bytes INTEGER,
    hashes TEXT NOT NULL,
    source TEXT,
    state TEXT NOT NULL DEFAULT 'planned'
      CHECK (state IN ('planned', 'done', 'deferred', 'refused', 'failed', 'quarantined')),
    outcome TEXT, reason TEXT, not_before INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    etag TEXT, sha256 TEXT, actual_bytes INTEGER, mtime_ms REAL, done_at INTEGER,
    run_id INTEGER,
    sidecar_digest TEXT
  ) STRICT;
  CREATE INDEX items_state ON items(state);
  CREATE INDEX items_model ON items(model_id);

  CREATE TABLE blocks (
    item_id INTEGER PRIMARY KEY REFERENCES items(id) ON DELETE CASCADE,
    crc BLOB NOT NULL
  ) STRICT;

  CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, command TEXT NOT NULL, engine TEXT NOT NULL, targets TEXT NOT NULL,
    started_at INTEGER NOT NULL, ended_at INTEGER, summary TEXT
  ) STRICT;

  CREATE TABLE listings (
    key TEXT PRIMARY KEY, cursor TEXT, pages INTEGER NOT NULL, seen INTEGER NOT NULL, complete INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE answers (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, etag TEXT NOT NULL, body BLOB NOT NULL,
    size_bytes INTEGER NOT NULL, used_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX answers_used ON answers(used_at, size_bytes);

  PRAGMA user_version = 2;
`;

/** One sidecar of item `id`, as version 2 wrote it. */
export function oldSidecar(id: number): Readonly<Record<string, unknown>> {
  return {
    model_name: `Model ${id}`,
    sha256: `${id}`.padStart(64, "0"),
    civitai: { id, model: { name: `Model ${id}`, nsfw: false }, files: [{ id }], stats: { downloadCount: id } },
    tags: ["style"],
    ...Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`field_${index}`, id + index])),
    notes: "",
  };
}

/** The path of item `id`; every third one has a letter that only JavaScript folds. */
export function oldPath(id: number): string {
  return `models/LORA/Ann_${id % 3 === 0 ? "ÄRGER" : "Style"} ${id}/File_${id}.safetensors`;
}

/** Create a catalog of version 2 with the given number of finished files, as the code of that version filled it. */
export function makeOldCatalog(path: string, count: number): void {
  using db = new DatabaseSync(path);
  db.exec("PRAGMA journal_mode = WAL");
  db.exec(SCHEMA);
  db.exec("BEGIN");
  for (let id = 1; id <= count; id++) putItem(db, id);
  db.prepare("INSERT INTO notes VALUES (?, ?)").run("layout", "classic");
  db.prepare("INSERT INTO notes VALUES (?, ?)").run("sidecar:damaged.json", "{");
  db.exec("COMMIT");
}

function putItem(db: DatabaseSync, id: number): void {
  const json = { id, raw: { id, description: "<p>x</p>", minor: false, poi: false, stats: { downloadCount: id } } };
  const model = packed([`Model ${id}`, "LORA", "Ann", json]);
  db.prepare("INSERT INTO models VALUES (?, ?, 'LORA', 'Ann', ?, ?, 7)").run(id, `Model ${id}`, ...model);
  const version = packed([id, `v${id}`, "SDXL 1.0", null, json]);
  db.prepare("INSERT INTO versions VALUES (?, ?, ?, 'SDXL 1.0', NULL, ?, ?, 7)").run(id, id, `v${id}`, ...version);
  const file = oldPath(id);
  const sha256 = `${id}`.padStart(64, "0");
  const hashes = JSON.stringify({ AutoV2: sha256.slice(0, 10), SHA256: sha256, CRC32: "0a0b0c0d", Odd: "X" });
  db.prepare(
    `INSERT INTO items (id, key, kind, model_id, version_id, file_id, creator, path, folded, size_bytes, hashes, source,
       state, outcome, etag, sha256, actual_bytes, mtime_ms, done_at, run_id, sidecar_digest)
     VALUES (?, ?, 'file', ?, ?, ?, 'Ann', ?, ?, 5, ?, '{}', 'done', 'done', '"e"', ?, 5, 1.5, 9, 1, 'd')`,
  ).run(id, `file:${id}:${id}`, id, id, id, file, foldPath(file), hashes, sha256);
  db.prepare("INSERT INTO blocks VALUES (?, ?)").run(id, Uint8Array.of(id & 255, 2, 3, 4));
  const memory = JSON.stringify(Object.fromEntries(leaves(oldSidecar(id), "")));
  for (const ending of [".metadata.json", ".civitai.info", ".json"]) {
    db.prepare("INSERT INTO notes VALUES (?, ?)").run(`sidecar:${file.replace(".safetensors", ending)}`, memory);
  }
}

/** Digests of 32 digits by JSON pointer. */
function* leaves(value: unknown, pointer: string): Generator<[string, string]> {
  const isFields = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isFields) return yield [pointer, contentDigest(value)];
  for (const [key, field] of Object.entries(value)) yield* leaves(field, `${pointer}/${key}`);
}

function packed(value: unknown): [digest: string, json: Uint8Array] {
  const text = JSON.stringify(value);
  return [createHash("sha256").update(text).digest("hex"), deflateRawSync(text)];
}
