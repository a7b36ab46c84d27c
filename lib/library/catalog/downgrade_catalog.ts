import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { deflateRawSync } from "node:zlib";
import {
  KitError,
  openNoFollowSync,
  PRIVATE_FILE_MODE,
  renameFileSync,
  syncDirSync,
  syncFileSync,
} from "../../base/mod.ts";
import { foldPath } from "../naming/fold_path.ts";
import { CATALOG_VERSION } from "./catalog_version.ts";
import { type CatalogPair, copySidecars, copyTable } from "./_copy_table.ts";
import { Database, type Row } from "./_database.ts";
import { OLDER_SCHEMAS } from "./_older_schemas.ts";
import { unpackHashes } from "./_packed_hashes.ts";
import { unpackJson } from "./_packed_json.ts";
import { withOldState, withOldSummary } from "./_state_names.ts";
import { indexAllItems } from "./tables/search_index.ts";

/** Options of {@linkcode downgradeCatalog}. */
export interface DowngradeCatalogOptions {
  /** The version of the older program's catalogs. */
  readonly version: number;
  /** Path at which the newer catalog is kept; it must not exist. */
  readonly keep: string;
}

/**
 * Read the version of a catalog without changing or checking it.
 *
 * @param path The catalog
 * @returns Its `user_version`; `null` if there is no catalog
 * @throws {KitError} `integrity` if it is damaged
 */
export function readCatalogVersion(path: string): number | null {
  try {
    if (!Deno.lstatSync(path).isFile) return null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  try {
    using db = new Database(path, { readOnly: true });
    return versionOf(db);
  } catch (error) {
    if (!(error instanceof Error && /readonly database/.test(error.message))) throw error;
    // A process that was killed left a journal, which only a writer can apply.
    using db = new Database(path, { readOnly: false });
    return versionOf(db);
  }
}

/**
 * Check whether a catalog has to be converted for an older program. Nothing is changed.
 *
 * @param path The catalog
 * @param version The version of the older program's catalogs; `null` if it is not known
 * @returns The version of the catalog if it has to be converted; `null` if the program can use it as it is, also by
 * upgrading it
 * @throws {KitError} `unsafe` if it would have to be converted, and that is impossible
 */
export function checkDowngrade(path: string, version: number | null): number | null {
  const found = readCatalogVersion(path);
  if (found === null || found === 0 || (version !== null && found <= version)) return null;
  const reason = version === null
    ? "the sources of that version do not say which catalogs it reads"
    : found > CATALOG_VERSION
    ? `it has version ${found}, and this program knows only up to ${CATALOG_VERSION}`
    : found < CATALOG_VERSION
    ? `it has version ${found}, and only version ${CATALOG_VERSION} can be converted`
    : OLDER_SCHEMAS.has(version)
    ? null
    : `version ${version} is unknown; there are ${[...OLDER_SCHEMAS.keys()].join(", ")}`;
  if (reason === null) return found;
  throw new KitError("unsafe", `Cannot convert catalog "${path}" for an older program: ${reason}`, {
    hint: adviceFor(found),
  });
}

function adviceFor(found: number): string {
  if (found > CATALOG_VERSION) return "Use the newer civitai-dl that wrote it";
  if (found < CATALOG_VERSION) return "Bring it up to date first with civitai-dl verify, and run again";
  return "Choose a later version, or leave --library out and let the older program rebuild its catalog: civitai-dl verify --rebuild";
}

/**
 * Convert a catalog into the form that an older program reads. All files, states and records are kept. Stored API
 * responses, which only save work, are not. Versions 1 and 2 also lose the memory of which fields of sidecars this program
 * wrote, so that the older program leaves more fields of sidecars alone.
 *
 * The new file replaces the old one by a rename when it is complete and flushed; the old one stays under another name.
 * If the process is killed, the catalog is either the old one or the new one.
 *
 * @param path The catalog
 * @param options Version, and where to keep the newer catalog
 * @throws {KitError} `unsafe` if the catalog cannot be converted, another process has it open, or the disk is full
 */
export function downgradeCatalog(path: string, options: DowngradeCatalogOptions): void {
  const { version, keep } = options;
  if (checkDowngrade(path, version) === null) return;
  const fresh = `${path}.older`;
  {
    using old = openNewest(path);
    removeFile(fresh);
    openNoFollowSync(fresh, { write: true, createNew: true, mode: PRIVATE_FILE_MODE }).close();
    old.transaction(() => copyAll(old, fresh, version));
  }
  flush(fresh);
  keepFile(path, keep);
  renameFileSync(fresh, path);
  syncDirSync(dirname(path));
}

/**
 * Put a catalog back that {@linkcode downgradeCatalog} kept. Nothing happens if it is not there.
 *
 * @param path The catalog
 * @param keep Where the newer catalog was kept
 * @returns Whether it was put back
 */
export function restoreCatalog(path: string, keep: string): boolean {
  removeFile(`${path}.older`);
  try {
    Deno.lstatSync(keep);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
  // They belong to the older catalog, and would be applied to the newer one.
  for (const ending of ["-wal", "-shm", "-journal"]) removeFile(`${path}${ending}`);
  renameFileSync(keep, path);
  // After a kill between the two renames, both names lead to the same file, and the rename changes nothing.
  removeFile(keep);
  syncDirSync(dirname(path));
  return true;
}

/** Open the catalog without its log. The file is then complete by itself, and nobody else has it open. */
function openNewest(path: string): Database {
  const db = new Database(path, { readOnly: false });
  try {
    if (db.get("PRAGMA journal_mode = DELETE")?.journal_mode !== "delete") throw inUse(path);
    return db;
  } catch (error) {
    db[Symbol.dispose]();
    throw error;
  }
}

function copyAll(old: Database, path: string, version: number): void {
  using fresh = new Database(path, { readOnly: false });
  // An unfinished file is discarded, so nothing has to be flushed before the end.
  fresh.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000");
  fresh.transaction(() => {
    fresh.exec(OLDER_SCHEMAS.get(version)!);
    const pair = { old, fresh };
    if (version === 3) copyVersion3(pair);
    else copyVersion2(pair);
    copyTable(pair, "runs", { change: withOldSummary });
    for (const table of ["blocks", "listings", "notes"]) copyTable(pair, table);
    fresh.exec(`PRAGMA user_version = ${version}`);
  });
}

function copyVersion3(pair: CatalogPair): void {
  for (const table of ["models", "versions"]) copyTable(pair, table);
  copyTable(pair, "items", { change: withOldState });
  copySidecars(pair);
  indexAllItems(pair.fresh);
}

function copyVersion2(pair: CatalogPair): void {
  for (const table of ["models", "versions"]) copyTable(pair, table, { change: asOldRecord });
  copyTable(pair, "items", { change: (row) => withOldState(asOldItem(row)) });
}

/** Records of versions 1 and 2 are plain JSON, compressed, with a digest of 64 digits. */
function asOldRecord(row: Row): Row {
  const text = JSON.stringify(unpackJson(row.json)) ?? "null";
  return { ...row, digest: createHash("sha256").update(text).digest("hex"), json: deflateRawSync(text) };
}

function asOldItem(row: Row): Row {
  return { ...row, folded: foldPath(row.path as string), hashes: JSON.stringify(unpackHashes(row.hashes)) };
}

function versionOf(db: Database): number {
  return Number(db.get("PRAGMA user_version")?.user_version);
}

/** Keep the newer file under a second name, so that the catalog is never missing. */
function keepFile(path: string, keep: string): void {
  try {
    Deno.linkSync(path, keep);
  } catch (error) {
    // Some file systems, such as exFAT, have no hard links.
    if (error instanceof Deno.errors.AlreadyExists || error instanceof Deno.errors.NotFound) throw error;
    Deno.copyFileSync(path, keep);
    flush(keep);
  }
  syncDirSync(dirname(keep));
}

function flush(path: string): void {
  using file = Deno.openSync(path, { read: true, write: true });
  syncFileSync(file);
}

function removeFile(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function inUse(path: string): KitError {
  return new KitError("unsafe", `Cannot convert catalog "${path}": another process has it open`, {
    hint: "Stop the monitor and other commands on this library, and run again",
  });
}
