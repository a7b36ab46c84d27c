import { KitError, renameFileSync, syncDirSync, syncFileSync } from "../../base/mod.ts";
import { dirname } from "node:path";
import { Database, type Row } from "./_database.ts";
import { CATALOG_VERSION } from "./catalog_version.ts";
import { type CatalogPair, copySidecars, copyTable } from "./_copy_table.ts";
import { SCHEMA } from "./_migrations.ts";
import { packHashes } from "./_packed_hashes.ts";
import { packJson, unpackJson } from "./_packed_json.ts";
import { indexAllItems } from "./tables/search_index.ts";
import { copySidecarNotes } from "./tables/sidecar_table.ts";
import { storedFold } from "./_stored_fold.ts";
import { withNewState, withNewSummary } from "./_state_names.ts";

/**
 * Rewrite a catalog of an older version as version 4. Version 3 calls a state `quarantined` that is now `corrupted`, and
 * the check of its table allows no other name. The table `responses` is called `answers` there.
 *
 * A catalog of version 1 or 2 then takes a fifth of the space. The memory of sidecars is stored as shapes, common phrases of
 * API responses are shortened, hashes are stored as bytes, and each path is stored only once. Adds the search index for
 * `list`. SQLite's own VACUUM would have to attach a database, which the runtime does not allow with narrow permissions.
 *
 * The new file replaces the old one when it is complete and flushed. If the process is killed before that, the old file
 * is unchanged.
 *
 * @param old The catalog; closed afterwards
 * @param makeEmpty Creates an empty file with the catalog's permissions
 * @throws {KitError} `unsafe` if another process has the catalog open, or the disk is full
 */
export function rewriteCatalog(old: Database, makeEmpty: (path: string) => void): void {
  const path = `${old.path}.new`;
  // Switch off the write-ahead log. Otherwise, its content would be applied to the new file.
  if (old.get("PRAGMA journal_mode = DELETE")?.journal_mode !== "delete") throw inUse(old.path);
  removeNew(path);
  makeEmpty(path);
  old.transaction(() => copyAll(old, path));
  flush(path);
  old[Symbol.dispose]();
  renameFileSync(path, old.path);
  syncDirSync(dirname(path));
}

function copyAll(old: Database, path: string): void {
  using fresh = new Database(path, { readOnly: false });
  // An unfinished file is discarded, so nothing has to be flushed before the end.
  fresh.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000");
  fresh.transaction(() => {
    fresh.exec(SCHEMA.replace(/PRAGMA user_version = \d+;/, ""));
    const pair = { old, fresh };
    const version = Number(old.get("PRAGMA user_version")?.user_version);
    if (version < 3) copyCompacted(pair);
    else copyVersion3(pair);
    copyTable(pair, "runs", { change: withNewSummary });
    for (const table of ["blocks", "listings"]) copyTable(pair, table);
    if (version > 1) copyTable(pair, "responses", { from: "SELECT * FROM answers" });
    indexAllItems(fresh);
    fresh.exec(`PRAGMA user_version = ${CATALOG_VERSION}`);
  });
}

function copyCompacted(pair: CatalogPair): void {
  copyTable(pair, "models", { change: repacked });
  copyTable(pair, "versions", { change: repacked });
  copyTable(pair, "items", { change: (row) => withNewState(compacted(row)) });
  copyTable(pair, "notes", { change: (row) => (row.name as string).startsWith("sidecar:") ? null : row });
  copySidecarNotes(pair.old, pair.fresh);
}

function copyVersion3(pair: CatalogPair): void {
  for (const table of ["models", "versions", "notes"]) copyTable(pair, table);
  copyTable(pair, "items", { change: withNewState });
  copySidecars(pair);
}

function repacked(row: Row): Row {
  const { digest, pack } = packJson(unpackJson(row.json));
  return { ...row, digest, json: pack() };
}

function compacted(row: Row): Row {
  const hashes = packHashes(JSON.parse(row.hashes as string) as Record<string, string>);
  return { ...row, folded: storedFold(row.path as string), hashes };
}

function flush(path: string): void {
  using file = Deno.openSync(path, { read: true, write: true });
  syncFileSync(file);
}

/** Remove the new file, including one left by an earlier upgrade that was killed. */
function removeNew(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function inUse(path: string): KitError {
  return new KitError("unsafe", `Cannot upgrade catalog "${path}": another process has it open`, {
    hint: "Stop the monitor and other commands on this library, and run again",
  });
}
