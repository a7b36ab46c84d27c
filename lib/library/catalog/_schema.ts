import { CATALOG_VERSION } from "./catalog_version.ts";
import { FOLDED } from "./_stored_fold.ts";
import { QUEUE_TABLE } from "./tables/queue_table.ts";
import { SEARCH_TABLE } from "./tables/search_index.ts";
import { SIDECAR_TABLES } from "./tables/sidecar_table.ts";

/** The tables of a new catalog. */
export const SCHEMA = `
  CREATE TABLE models (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL, creator TEXT,
    digest BLOB NOT NULL, json BLOB NOT NULL, updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX models_type ON models(type);

  CREATE TABLE versions (
    id INTEGER PRIMARY KEY, model_id INTEGER NOT NULL, name TEXT NOT NULL, base_model TEXT NOT NULL, published_at TEXT,
    digest BLOB NOT NULL, json BLOB NOT NULL, updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX versions_model ON versions(model_id);
  CREATE INDEX versions_base_model ON versions(base_model);

  CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('file', 'preview', 'gallery', 'image')),
    model_id INTEGER, version_id INTEGER, file_id INTEGER, image_id INTEGER,
    creator TEXT COLLATE NOCASE,
    path TEXT NOT NULL,
    folded TEXT,
    size_bytes INTEGER,
    hashes ANY NOT NULL,
    source TEXT,
    state TEXT NOT NULL DEFAULT 'planned'
      CHECK (state IN ('planned', 'done', 'deferred', 'refused', 'failed', 'corrupted')),
    outcome TEXT, reason TEXT, not_before INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    etag TEXT, sha256 ANY, actual_bytes INTEGER, mtime_ms REAL, done_at INTEGER,
    run_id INTEGER,
    sidecar_digest ANY
  ) STRICT;
  CREATE UNIQUE INDEX items_folded ON items(${FOLDED});
  CREATE INDEX items_not_done ON items(state) WHERE state <> 'done';
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

  CREATE TABLE responses (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, etag TEXT NOT NULL, body BLOB NOT NULL,
    size_bytes INTEGER NOT NULL, used_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX responses_used ON responses(used_at, size_bytes);
${QUEUE_TABLE}
${SIDECAR_TABLES}
${SEARCH_TABLE}
  PRAGMA user_version = ${CATALOG_VERSION};
`;
