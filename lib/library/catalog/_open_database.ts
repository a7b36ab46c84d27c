import { assertPlainFile, KitError, openNoFollowSync, PRIVATE_FILE_MODE, restrictPermissions } from "../../base/mod.ts";
import { catalogError, damaged } from "./_catalog_error.ts";
import { Database } from "../database.ts";
import { judgeSize } from "./_judge_size.ts";
import { CATALOG_VERSION } from "./catalog_version.ts";
import { SCHEMA } from "./_schema.ts";

/** Options of {@linkcode openDatabase}. */
interface OpenDatabaseOptions {
  readonly readOnly: boolean;
  readonly check: boolean;
}

/** Open the file, check it as far as requested or needed, and make the tables of a new one. */
export function openDatabase(path: string, options: OpenDatabaseOptions): Database {
  const { readOnly, check } = options;
  prepareFiles(path, { readOnly });
  const size = judgeSize(path);
  if (size === "impossible") throw damaged(path);
  const db = connect(path, { readOnly });
  try {
    // Check before writing, so that a file that is refused stays unchanged.
    if (check || size === "suspicious") quickCheck(db);
    refuseOther(db);
    refuseBlank(db, { readOnly });
    // Before the write-ahead log is switched on: this transaction is flushed, so that a catalog with rows that later
    // loses its tables is known to be damaged, and is not taken for a new one.
    if (!readOnly) makeTables(db);
    // SQLite's default cache of 2 MB is too small for records of whole models, which would be read again and again.
    db.exec("PRAGMA cache_size = -8000");
    // Sets of items and sorted ids take a few megabytes. In a service, the folders for temporary files are read-only.
    db.exec("PRAGMA temp_store = MEMORY");
    // On macOS, a plain fsync leaves bytes in the cache of the disk, which may write them in any order: a power cut
    // could damage the catalog. SQLite itself falls back where a file system has no full flush.
    if (!readOnly) {
      db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA checkpoint_fullfsync = ON");
    }
    return db;
  } catch (error) {
    db[Symbol.dispose]();
    throw error;
  }
}

/** Connect to a catalog without checking or changing it. */
export function connect(path: string, { readOnly }: { readonly readOnly: boolean }): Database {
  return new Database(path, { readOnly, explain: (error) => catalogError(path, error, { readOnly }) });
}

/**
 * Refuse links, which SQLite itself would follow, and create the catalog with private permissions, which SQLite copies
 * to the files that it creates next to it.
 */
function prepareFiles(path: string, { readOnly }: { readonly readOnly: boolean }): void {
  const exists = ["", "-wal", "-shm", "-journal"].filter((ending) => isOurs(`${path}${ending}`)).includes("");
  if (readOnly) return;
  if (!exists) return createEmpty(path);
  for (const ending of ["", "-wal", "-shm"]) restrictPermissions(`${path}${ending}`, PRIVATE_FILE_MODE);
}

function isOurs(path: string): boolean {
  try {
    assertPlainFile(path, Deno.lstatSync(path));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Create an empty catalog. If that fails, SQLite reports why. */
function createEmpty(path: string): void {
  try {
    openNoFollowSync(path, { write: true, createNew: true, mode: PRIVATE_FILE_MODE }).close();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof KitError) throw error;
  }
}

function quickCheck(db: Database): void {
  if (db.get("PRAGMA quick_check(1)")?.quick_check !== "ok") throw damaged(db.path);
}

/** Refuse a catalog with other tables than this program's. */
function refuseOther(db: Database): void {
  const version = db.version();
  if (version === 0 || version === CATALOG_VERSION) return;
  throw new KitError(
    "unsafe",
    `Cannot open catalog "${db.path}": it has version ${version}, this program reads version ${CATALOG_VERSION}`,
    { hint: "Use the civitai-dl that wrote it, or move the file away and run civitai-dl verify --rebuild" },
  );
}

/**
 * Refuse a file that has pages but no tables, which no process leaves behind, and one without pages that is opened only
 * for reading.
 */
function refuseBlank(db: Database, { readOnly }: { readonly readOnly: boolean }): void {
  if (db.version() !== 0) return;
  if (readOnly || Number(db.get("PRAGMA page_count")?.page_count) > 0) throw damaged(db.path);
}

/** Create the tables of a new catalog. If two processes start at the same time, one waits for the other. */
function makeTables(db: Database): void {
  if (db.version() !== 0) return;
  db.transaction(() => {
    // Check again inside the transaction, because another process may have created the tables in the meantime.
    if (db.version() === 0) db.exec(SCHEMA);
  });
}
