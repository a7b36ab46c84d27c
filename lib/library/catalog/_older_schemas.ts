/** The tables that are the same in versions 1 to 3. */
const UNCHANGED = `
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
`;

/** The tables of version 1, verbatim; version 2 has them too. Released forms never change. */
const VERSION_1 = `
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

${UNCHANGED}`;

/** What version 2 added. */
const ANSWERS = `
  CREATE TABLE answers (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, etag TEXT NOT NULL, body BLOB NOT NULL,
    size_bytes INTEGER NOT NULL, used_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX answers_used ON answers(used_at, size_bytes);
`;

/** The tables of version 3, verbatim. */
const VERSION_3 = `
  CREATE TABLE models (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL, creator TEXT,
    digest TEXT NOT NULL, json BLOB NOT NULL, updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX models_type ON models(type);

  CREATE TABLE versions (
    id INTEGER PRIMARY KEY, model_id INTEGER NOT NULL, name TEXT NOT NULL, base_model TEXT NOT NULL, published_at TEXT,
    digest TEXT NOT NULL, json BLOB NOT NULL, updated_at INTEGER NOT NULL
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
      CHECK (state IN ('planned', 'done', 'deferred', 'refused', 'failed', 'quarantined')),
    outcome TEXT, reason TEXT, not_before INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    etag TEXT, sha256 TEXT, actual_bytes INTEGER, mtime_ms REAL, done_at INTEGER,
    run_id INTEGER,
    sidecar_digest TEXT
  ) STRICT;
  CREATE UNIQUE INDEX items_folded ON items(ifnull(folded, lower(path)));
  CREATE INDEX items_state ON items(state);
  CREATE INDEX items_model ON items(model_id);

${UNCHANGED}${ANSWERS}
  CREATE TABLE sidecar_shapes (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, pointers BLOB NOT NULL) STRICT;
  CREATE TABLE sidecars (id INTEGER PRIMARY KEY, shape_id INTEGER NOT NULL, digests BLOB NOT NULL) STRICT;

  CREATE VIRTUAL TABLE search USING fts5(
    text, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram'
  );
`;

/** The tables of each older version that a catalog can be converted to. */
export const OLDER_SCHEMAS: ReadonlyMap<number, string> = new Map([
  [1, VERSION_1],
  [2, `${VERSION_1}${ANSWERS}`],
  [3, VERSION_3],
]);
